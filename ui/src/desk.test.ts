// The desk over the whole page: what is drawn is saved at once, pins speak, and everything can be taken back.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Mark } from "./backend/bindings";
import { draftOf, drawn, kinds, markings, marksShown, onDesk, press, pull, refusing, shotOf } from "./ondesk";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names, toolName } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

test("what is drawn is saved with its release, drawn in a moment later, and its original can be had", async () => {
  const { backend, session, stage } = await onDesk();
  const before = shotOf(session);
  await press("r");
  await pull(stage, [10.4, 20.2], [110.2, 60.9]);
  expect(markings(backend)).toEqual([
    {
      change: "shot_mark",
      target: { into: "draft", id: "draft-open" },
      marked: [
        {
          shot: before.id,
          markup: { crop: null, marks: [{ kind: "redact", area: { x: 10.4, y: 20.2, width: 99.8, height: expect.closeTo(40.7), }, color: { red: 0, green: 0, blue: 0 } }] },
        },
      ],
      text: null,
    },
  ]);
  await vi.waitFor(() => { expect([shotOf(session).drawing, shotOf(session).hash === before.hash]).toEqual([false, false]); }, patient);
  expect([shotOf(session).original?.hash, document.querySelector<HTMLImageElement>("dialog .sheet img")?.src], "the marks are shown on the original").toEqual([
    before.hash, session.picture(before.hash),
  ]);
  await press("Escape");
  await press("Escape");
  await vi.waitFor(() => { expect(session.desk, "first the selection, then the desk").toBeNull(); }, patient);
});

test("each tool has a key and a name, and draws its mark", async () => {
  const { session, stage } = await onDesk();
  const tools = [["a", "arrow"], ["b", "box"], ["o", "ellipse"], ["l", "line"], ["p", "pen"], ["h", "highlighter"], ["r", "redact"]] as const;
  for (const [index, [key, tool]] of tools.entries()) {
    await press(key);
    expect(screen.getByRole("button", { name: toolName[tool] }).getAttribute("aria-pressed")).toBe("true");
    await pull(stage, [100, 50 + index * 90], [300, 90 + index * 90], { ctrlKey: true });
    const stroke = tool === "pen" || tool === "highlighter";
    expect(session.desk?.selected, "what is drawn can be changed at once, but strokes follow on strokes").toBe(stroke ? null : index);
    if (!stroke) await press("Escape");
  }
  expect(marksShown()).toEqual(["Arrow", "Box", "Ellipse", "Line", "Pen stroke", "Highlight", "Redaction"]);
}, 30_000);

test("a pin gets a line in the words, in which what is typed beside it stands", async () => {
  const { backend, session, stage } = await onDesk();
  const before = draftOf(session).text;
  await press("n");
  await pull(stage, [300, 300]);
  const field = await screen.findByLabelText<HTMLInputElement>(page.desk.about("①"));
  expect(markings(backend).map(({ text }) => text), "the words are saved with the pin").toEqual([`${before}\n① `]);
  await fireEvent.input(field, { target: { value: "move this left" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await pull(stage, [600, 300]);
  await vi.waitFor(() => { expect(marksShown()).toEqual(["Pin 1: move this left", "Pin 2"]); }, patient);
  expect(session.item?.words.text).toBe(`${before}\n① move this left\n② `);
  expect(screen.getByText("Pins 1 and 2 are in your words")).toBeDefined();
  session.desk?.remove(0);
  await vi.waitFor(() => { expect(marksShown()).toEqual(["Pin 1"]); }, patient);
  expect(session.item?.words.text, "the number is gone, what was said stays").toBe(`${before}\nmove this left\n① `);
  await press("z", { ctrlKey: true });
  await press("z", { ctrlKey: true });
  expect([session.item?.words.text, session.desk?.pins], "back to before the second pin").toEqual([`${before}\n① move this left`, 1]);
  session.item?.words.write(before);
  expect(await screen.findByText("Pin 1 is not in your words")).toBeDefined();
});

test("one numbering runs through all pictures", async () => {
  const { session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  await press("PageDown");
  await vi.waitFor(() => { expect(marksShown()).toEqual([]); }, patient);
  await pull(stage, [300, 300]);
  await vi.waitFor(() => { expect(marksShown()).toEqual(["Pin 2"]); }, patient);
  await press("PageUp");
  session.desk?.remove(0);
  expect(session.desk?.markups.map(({ marks }) => marks.map((mark) => (mark.kind === "pin" ? mark.number : 0)))).toEqual([[], [1]]);
});

test("marks are walked, moved, doubled, restacked and deleted by keyboard, and all of it is undone", async () => {
  const { session, stage } = await onDesk();
  const desk = session.desk;
  if (desk === null) throw new Error("no desk");
  await press("b");
  await pull(stage, [100, 100], [200, 150], { ctrlKey: true });
  await pull(stage, [400, 300], [500, 350], { ctrlKey: true });
  const [box] = document.querySelectorAll<SVGElement>("svg.marks [data-index]");
  box?.focus();
  expect(desk.selected).toBe(0);
  await press("ArrowRight");
  await press("ArrowDown", { shiftKey: true });
  const [first] = desk.marks;
  expect(first?.kind === "box" ? first.area : null).toEqual({ x: 101, y: 110, width: 100, height: 50 });
  await press("]");
  expect([desk.selected, desk.marks.indexOf(first as Mark)]).toEqual([1, 1]);
  await press("d", { ctrlKey: true });
  expect([desk.marks.length, desk.selected]).toEqual([3, 2]);
  await press("Delete");
  await press("Delete");
  expect(desk.marks.length, "nothing is selected after the first").toBe(2);
  for (let step = 0; step < 9; step += 1) await press("z", { ctrlKey: true });
  expect([desk.marks.length, desk.canUndo]).toEqual([0, false]);
  for (let step = 0; step < 9; step += 1) await press(step % 2 === 0 ? "y" : "Z", { ctrlKey: true, shiftKey: step % 2 === 1 });
  expect([desk.marks.length, desk.canRedo, desk.changed]).toEqual([2, false, true]);
});

test("a crop keeps whole pixels, and Escape leaves it", async () => {
  const { session, stage } = await onDesk();
  await press("c");
  await pull(stage, [100.2, 60.4], [700.6, 500.7], { ctrlKey: true });
  expect(screen.getByText(page.desk.keeps(601, 441))).toBeDefined();
  await press("Enter");
  await vi.waitFor(() => { expect(shotOf(session).markup.crop).toEqual({ x: 100, y: 60, width: 601, height: 441 }); }, patient);
  await vi.waitFor(() => { expect([shotOf(session).width, shotOf(session).height]).toEqual([601, 441]); }, patient);
  await press("c");
  await pull(stage, [900, 700], [300, 200], { ctrlKey: true });
  await press("Escape");
  expect(session.desk?.markup.crop, "what was chosen is not taken").toEqual({ x: 100, y: 60, width: 601, height: 441 });
  await press("c");
  await fireEvent.click(screen.getByRole("button", { name: names.wholePicture }));
  await press("Enter");
  await vi.waitFor(() => { expect(shotOf(session).original, "nothing is left of it").toBeNull(); }, patient);
});

test("text is typed in place, and typed again by Enter", async () => {
  const { session, stage } = await onDesk();
  await press("t");
  await pull(stage, [200, 200]);
  const field = await screen.findByLabelText<HTMLTextAreaElement>(names.textOnPicture);
  await fireEvent.input(field, { target: { value: "Too pale\n" } });
  await fireEvent.keyDown(field, { key: "Escape" });
  await vi.waitFor(() => { expect(marksShown()).toEqual(["Text: Too pale"]); }, patient);
  document.querySelector<SVGElement>("svg.marks [data-index]")?.focus();
  await press("Enter");
  const again = await screen.findByLabelText<HTMLTextAreaElement>(names.textOnPicture);
  await fireEvent.input(again, { target: { value: " " } });
  await fireEvent.blur(again);
  await vi.waitFor(() => { expect(session.desk?.marks, "text of nothing is none").toEqual([]); }, patient);
});

test("Cancel asks only when something would go, and takes back the words as well", async () => {
  const { backend, session, stage } = await onDesk();
  const before = draftOf(session).text;
  await fireEvent.click(screen.getByRole("button", { name: names.cancel }));
  expect([session.desk, markings(backend)]).toEqual([null, []]);
  session.mark(shotOf(session).id);
  const stageAgain = await vi.waitFor(() => {
    const found = document.querySelector<HTMLElement>(".stage");
    if (found === null || found === stage) throw new Error("not yet");
    return found;
  }, patient);
  stageAgain.setPointerCapture = () => undefined;
  session.desk?.take("pin");
  await pull(stageAgain, [300, 300]);
  await fireEvent.click(screen.getByRole("button", { name: names.cancel }));
  await fireEvent.click(await screen.findByRole("button", { name: names.takeBack }));
  await vi.waitFor(() => { expect([session.desk, shotOf(session).original, draftOf(session).text]).toEqual([null, null, before]); }, patient);
  expect(session.item?.words.text).toBe(before);
});

test("marks that could not be saved stay on the desk, which says why, and are saved with the next try", async () => {
  const { backend, session, stage } = await onDesk();
  const change = backend.change.bind(backend);
  backend.change = () => Promise.reject(new Refusal({ code: "diskFull" }));
  await press("b");
  await pull(stage, [100, 100], [200, 150]);
  const said = await screen.findByText(failureWords({ code: "diskFull" }).text);
  expect([said.closest("dialog")?.getAttribute("aria-label"), marksShown()]).toEqual([names.desk, ["Box"]]);
  backend.change = change;
  session.repeat?.();
  await vi.waitFor(() => { expect(kinds(shotOf(session).markup)).toEqual(["box"]); }, patient);
  expect(session.trouble).toBeNull();
});

test("forgetting the original says what it means, and leaves what is sent", async () => {
  const { backend, session, stage } = await onDesk();
  await press("r");
  await pull(stage, [100, 100], [200, 150]);
  await drawn(session, 1);
  const { hash } = shotOf(session);
  await fireEvent.click(await screen.findByRole("button", { name: names.more }));
  await fireEvent.click(await screen.findByRole("menuitem", { name: names.forgetOriginal }));
  expect(screen.getByText(page.desk.forgetText)).toBeDefined();
  await fireEvent.click(screen.getByRole("button", { name: names.forgetOriginal }));
  await vi.waitFor(() => { expect(shotOf(session)).toMatchObject({ hash, original: null, markup: { crop: null, marks: [] } }); }, patient);
  await vi.waitFor(() => { expect(marksShown()).toEqual([]); }, patient);
  expect([session.desk?.canUndo, backend.asked.at(-1)?.change], "nothing of before can come back").toEqual([false, "shot_forget"]);
});

test("a removed picture takes its pins out of the words, and brings them back", async () => {
  const { backend, session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  await press("PageDown");
  await pull(stage, [400, 300]);
  session.desk?.speak(2, "this one");
  session.desk?.close();
  const before = session.item?.words.text;
  await drawn(session, 2);
  const shots = draftOf(session).shots;
  const face = await screen.findByRole("button", { name: "Picture 1 of 2" });
  face.focus();
  await fireEvent.keyDown(face, { key: "Delete" });
  await vi.waitFor(() => { expect(session.item?.words.text.split("\n").at(-1)).toBe("① this one"); }, patient);
  expect((await screen.findByText(/Picture removed/, { selector: ".hint span" })).textContent).toContain(names.undo);
  const left = await screen.findByRole("button", { name: "Picture 1 of 1" });
  await fireEvent.keyDown(left, { key: "z", ctrlKey: true });
  await vi.waitFor(() => { expect(draftOf(session).shots.map(({ markup }) => markup)).toEqual(shots.map(({ markup }) => markup)); }, patient);
  expect([session.item?.words.text, backend.asked.filter(({ change }) => change === "shot_restore")]).toEqual([
    before,
    [{ change: "shot_restore", target: { into: "draft", id: "draft-open" }, shot: shots[0]?.id, index: 0 }],
  ]);
});

test("a picture from the agent is marked and sent as the answer in one gesture", async () => {
  const { backend, session } = await shown("follow-done");
  await fireEvent.click(await screen.findByRole("button", { name: /After/ }));
  await fireEvent.click(await screen.findByRole("button", { name: names.markAndAnswer }));
  const dialog = await screen.findByRole("dialog", { name: names.desk });
  const stage = dialog.querySelector<HTMLElement>(".stage");
  if (stage === null) throw new Error("no stage");
  stage.setPointerCapture = () => undefined;
  await vi.waitFor(() => { expect(session.desk?.shot).not.toBeNull(); }, patient);
  session.desk?.take("box");
  await pull(stage, [100, 100], [200, 150]);
  const field = dialog.querySelector<HTMLTextAreaElement>("textarea");
  if (field === null) throw new Error("no field");
  await fireEvent.input(field, { target: { value: "A bit lower" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await vi.waitFor(() => { expect(session.desk).toBeNull(); }, patient);
  expect(backend.asked.map(({ change }) => change)).toEqual(["shot_from_artifact", "shot_mark", "answer_text", "follow_up_send"]);
});

test("a picture from the agent that was not marked leaves with Escape", async () => {
  const { session } = await shown("follow-done");
  await fireEvent.click(await screen.findByRole("button", { name: /After/ }));
  await fireEvent.click(await screen.findByRole("button", { name: names.markAndAnswer }));
  await vi.waitFor(() => { expect(session.desk?.shot ?? null).not.toBeNull(); }, patient);
  const stage = document.querySelector<HTMLElement>(".stage");
  stage?.focus();
  await press("Escape");
  await vi.waitFor(() => { expect([session.desk, session.item?.agent?.answer.shots]).toEqual([null, []]); }, patient);
});

test("a captured screen comes to the desk, a click takes a window of it, and Enter sends it with the words", async () => {
  const { backend, session } = await shown("compose");
  const { id, shots } = draftOf(session);
  const shot = shots[0]?.id ?? "";
  session.show({ open: "capture", draft: id, shot, windows: [{ x: 100, y: 50, width: 300, height: 200 }, { x: 0, y: 0, width: 800, height: 600 }] });
  const dialog = await screen.findByRole("dialog", { name: names.desk }, patient);
  const stage = dialog.querySelector<HTMLElement>(".stage");
  if (stage === null) throw new Error("no stage");
  stage.setPointerCapture = () => undefined;
  await pull(stage, [150, 100]);
  await press("Enter");
  await vi.waitFor(() => { expect(markings(backend)).toHaveLength(1); }, patient);
  expect(markings(backend)[0]?.marked, "the window on top is kept, and nothing else").toEqual([
    { shot, markup: { crop: { x: 100, y: 50, width: 300, height: 200 }, marks: shotOf(session).markup.marks } },
  ]);
  const field = screen.getAllByLabelText(names.words).find((one) => dialog.contains(one));
  if (field === undefined) throw new Error("no field");
  await fireEvent.input(field, { target: { value: "Move it left" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toEqual({ change: "draft_send", draft: id }); }, patient);
  expect(backend.asked.filter(({ change }) => change === "draft_text").at(-1)).toEqual({ change: "draft_text", draft: id, text: "Move it left" });
  expect(session.desk, "the desk made room for what became of it").toBeNull();
});

test("a picture is not sent without the marks that were refused, and goes once they are kept", async () => {
  const { backend, session, stage } = await onDesk();
  const told = refusing(backend);
  await press("r");
  await pull(stage, [20, 20], [90, 60]);
  await press("Escape");
  await press("Escape");
  await vi.waitFor(() => { expect(session.desk).toBeNull(); });
  const send = screen.getByRole("button", { name: names.send });
  await fireEvent.click(send);
  await vi.waitFor(() => { expect(session.item?.refusal?.failure.code).toBe("marksTooMuchText"); }, patient);
  expect(backend.asked.filter(({ change }) => change === "draft_send"), "it stays here").toEqual([]);
  told.refuse = false;
  session.mark(shotOf(session).id);
  await vi.waitFor(() => { expect(session.desk?.marks, "what was drawn is still here").toHaveLength(1); });
  expect(await session.desk?.saved(), "and is kept now").toBe(true);
  session.desk?.close();
  await fireEvent.click(send);
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toMatchObject({ change: "draft_send" }); }, patient);
  expect(markings(backend).at(-1)?.marked[0]?.markup.marks.map(({ kind }) => kind)).toEqual(["redact"]);
});

test("marks that are on their way hold up the picture, and a desk that opens again shows them", async () => {
  const { backend, session, stage } = await onDesk();
  const change = backend.change.bind(backend);
  let end: (() => void) | null = null;
  backend.change = async (asked) => {
    if (asked.change === "shot_mark") await new Promise<void>((resolve) => { end = resolve; });
    return change(asked);
  };
  await press("r");
  await pull(stage, [20, 20], [90, 60]);
  await press("Escape");
  await press("Escape");
  session.mark(shotOf(session).id);
  expect(session.desk?.marks, "the core has not told of it yet").toHaveLength(1);
  session.desk?.close();
  await fireEvent.click(screen.getByRole("button", { name: names.send }));
  await vi.waitFor(() => { expect(end).not.toBeNull(); });
  expect(backend.asked.filter(({ change: asked }) => asked === "draft_send"), "it waits").toEqual([]);
  (end as (() => void) | null)?.();
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toMatchObject({ change: "draft_send" }); }, patient);
  expect(backend.asked.map(({ change: asked }) => asked).filter((asked) => asked !== "draft_text")).toEqual(["shot_mark", "draft_send"]);
});

test("a captured screen that is not wanted leaves its draft again", async () => {
  const { backend, session } = await shown("compose");
  const { id, shots } = draftOf(session);
  session.show({ open: "capture", draft: id, shot: shots[1]?.id ?? "", windows: [] });
  await screen.findByRole("dialog", { name: names.desk }, patient);
  await press("Escape");
  await press("Escape");
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toEqual({ change: "draft_shot_remove", draft: id, index: 1 }); }, patient);
  expect(session.trouble).toBeNull();
});
