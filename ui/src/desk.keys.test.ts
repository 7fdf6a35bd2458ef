// The desk by keyboard, and what is said of what it cannot show.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { draftOf, onDesk, press, pull } from "./ondesk";
import { patient, shown } from "./shown";
import { colorName, names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);
afterEach(() => { vi.unstubAllGlobals(); });

test("nothing is put beside the picture, and a pin beside its crop is said to be there", async () => {
  const { session, stage } = await onDesk();
  const desk = session.desk;
  desk?.take("pin");
  await pull(stage, [300, 300]);
  await press("Escape");
  await pull(stage, [30, 30]);
  await press("Escape");
  expect(screen.getByText("Pins 1 and 2 are in your words")).toBeDefined();
  await press("c");
  await pull(stage, [200, 200], [700, 500], { ctrlKey: true });
  await press("Enter");
  expect(await screen.findByText("Pin 1 is in your words · Pin 2 is outside the picture · Cropped")).toBeDefined();
  const tabs = [...document.querySelectorAll("svg.marks [data-index]")].map((mark) => mark.getAttribute("tabindex"));
  expect(tabs, "the keys do not walk to what nobody sees").toEqual(["0", "-1"]);
  desk?.take("pin");
  await pull(stage, [100, 100]);
  desk?.take("text");
  await pull(stage, [100, 100]);
  desk?.take("select");
  await pull(stage, [30, 30], [300, 300]);
  expect([desk?.pins, desk?.writing, desk?.outside], "nor is anything there taken").toEqual([2, null, [2]]);
});

test("Enter presses the button that has the focus, and leaves the mark alone", async () => {
  const { session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  await press("Escape");
  session.desk?.take("select");
  if (session.desk) session.desk.selected = 0;
  screen.getByRole("button", { name: colorName.blue }).focus();
  expect(await fireEvent.keyDown(document.activeElement ?? document.body, { key: "Enter" }), "the browser presses it").toBe(true);
  expect(session.desk?.speaking).toBeNull();
});

test("Control and Enter send from where the desk sends", async () => {
  const { backend, session } = await shown("compose");
  const { id, shots } = draftOf(session);
  session.show({ open: "capture", draft: id, shot: shots[0]?.id ?? "", windows: [] });
  await screen.findByRole("dialog", { name: names.desk }, patient);
  document.querySelector<HTMLElement>(".stage")?.focus();
  await press("Enter", { ctrlKey: true });
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toEqual({ change: "draft_send", draft: id }); }, patient);
});

test("the Enter that ends what is composed in the words of a captured screen does not send", async () => {
  const { backend, session } = await shown("compose");
  const { id, shots } = draftOf(session);
  session.show({ open: "capture", draft: id, shot: shots[0]?.id ?? "", windows: [] });
  const dialog = await screen.findByRole("dialog", { name: names.desk }, patient);
  session.desk?.endCrop();
  const field = await vi.waitFor(() => {
    const found = screen.getAllByLabelText(names.words).find((one) => dialog.contains(one));
    if (found === undefined) throw new Error("not yet");
    return found;
  });
  expect(await fireEvent.keyDown(field, { key: "Enter", keyCode: 229 }), "the input method has it").toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([backend.asked, session.desk === null]).toEqual([[], false]);
});

test("Control and Enter close a desk that only marks", async () => {
  const { backend, session } = await onDesk();
  await press("Enter", { ctrlKey: true });
  expect([session.desk, backend.asked]).toEqual([null, []]);
});

test.each(["Done", "Escape"])("after %s the keyboard is where it is wanted next: in the words, or on the picture", async (by) => {
  await onDesk();
  if (by === "Done") await fireEvent.click(screen.getByRole("button", { name: names.done }));
  else await press("Escape");
  await vi.waitFor(() => {
    expect(document.activeElement?.getAttribute("aria-label")).toBe(by === "Done" ? names.words : "Picture 1 of 2");
  }, patient);
});

test.each([{ isComposing: true }, { keyCode: 229 }])("the Enter that ends what is composed leaves the words of a pin open: %o", async (composed) => {
  const { session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  const field = await screen.findByLabelText<HTMLInputElement>(page.desk.about("①"));
  await fireEvent.keyDown(field, { key: "Enter", ...composed });
  expect(session.desk?.speaking).toBe(1);
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(session.desk?.speaking).toBeNull();
});

test("a desk that is moved to another display is as sharp there", async () => {
  const renewals: (() => void)[] = [];
  vi.stubGlobal("matchMedia", (query: string) => ({
    query,
    addEventListener: (_: string, renew: () => void) => { renewals.push(renew); },
    removeEventListener: () => undefined,
  }));
  const { session } = await onDesk();
  await press("1");
  expect(screen.getByRole("button", { name: names.zoomFit }).textContent).toBe("100 %");
  session.surroundings.pixelRatio = () => 2;
  for (const renew of renewals) renew();
  await vi.waitFor(() => { expect(screen.getByRole("button", { name: names.zoomFit }).textContent, "its pixels are half as large").toBe("200 %"); });
});

test("words are written in the size and weight in which they are drawn", async () => {
  const { stage } = await onDesk();
  await press("t");
  await pull(stage, [200, 200]);
  const field = (await screen.findByLabelText(names.textOnPicture)).closest<HTMLElement>(".field");
  expect([field?.style.lineHeight, field?.style.fontWeight]).toEqual(["1.25", "500"]);
});

test("every tool draws by Enter, and what it drew is moved and made larger by arrow keys", async () => {
  const { session } = await onDesk();
  const desk = session.desk;
  expect(desk?.marks, "the Enter that opened it draws nothing").toEqual([]);
  for (const key of ["a", "b", "o", "l", "p", "h", "r", "n"]) {
    if (desk) desk.selected = null;
    await press(key);
    await press("Enter", { repeat: true });
    await press("Enter");
    if (key === "n") await press("Escape");
  }
  expect(desk?.marks.map(({ kind }) => kind)).toEqual(["arrow", "box", "ellipse", "line", "freehand", "highlighter", "redact", "pin"]);
  if (desk) desk.selected = 1;
  const areaOf = () => {
    const mark = desk?.marks[1];
    return mark?.kind === "box" ? mark.area : null;
  };
  const before = areaOf() ?? { x: 0, y: 0, width: 0, height: 0 };
  await press("ArrowRight", { altKey: true, shiftKey: true });
  await press("ArrowUp", { altKey: true });
  await press("ArrowDown");
  expect(areaOf()).toEqual({ x: before.x, y: before.y + 1, width: before.width + 10, height: before.height - 1 });
  await press("t");
  if (desk) desk.selected = null;
  await press("Enter");
  expect(await screen.findByLabelText(names.textOnPicture)).toBeDefined();
});

test("what the keys do is told to whoever hears the picture", async () => {
  const { stage } = await onDesk();
  expect(document.getElementById(stage.getAttribute("aria-describedby") ?? "")?.textContent).toBe(page.desk.keys);
});

test("Enter on a button of the bar draws nothing", async () => {
  const { session } = await onDesk();
  await press("b");
  screen.getByRole("button", { name: colorName.blue }).focus();
  await press("Enter");
  expect(session.desk?.marks).toEqual([]);
});

test("pins placed by key lie beside each other, and a redaction below them", async () => {
  const { session } = await onDesk();
  for (let pin = 0; pin < 3; pin += 1) {
    await press("n");
    document.querySelector<HTMLElement>(".stage")?.focus();
    if (session.desk) session.desk.selected = null;
    await press("Enter");
    await press("Escape");
  }
  const pins = session.desk?.marks.flatMap((mark) => (mark.kind === "pin" ? [`${Math.round(mark.at.x).toString()} ${Math.round(mark.at.y).toString()}`] : []));
  expect(new Set(pins).size, "each can be seen").toBe(3);
  session.desk?.add({ kind: "redact", area: { x: 0, y: 0, width: 5000, height: 5000 }, color: { red: 0, green: 0, blue: 0 } });
  expect(session.desk?.marks.map(({ kind }) => kind), "it hides the picture, not its numbers").toEqual(["redact", "pin", "pin", "pin"]);
});
