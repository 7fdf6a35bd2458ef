// The desk when things come at odd moments: keys in mid-drag, pictures that arrive, saves that wait.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Mark } from "./backend/bindings";
import { draftOf, drawn, kinds, markings, onDesk, press, pull, refusing, shotOf } from "./ondesk";
import { patient } from "./shown";
import type { Desk } from "./state/desk.svelte";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

test("marks that wait for others carry the words as they are when it is their turn", async () => {
  const { backend, session, stage } = await onDesk();
  const change = backend.change.bind(backend);
  const ends: (() => void)[] = [];
  backend.change = async (asked) => {
    if (asked.change === "shot_mark" && ends.length === 0) await new Promise<void>((resolve) => { ends.push(resolve); });
    return change(asked);
  };
  await press("b");
  await pull(stage, [100, 100], [200, 150]);
  session.desk?.take("pin");
  await pull(stage, [400, 300]);
  session.desk?.speak(1, "typed while the box was saved");
  const typed = session.item?.words.text;
  ends[0]?.();
  await vi.waitFor(() => { expect(markings(backend)).toHaveLength(2); }, patient);
  expect(markings(backend)[1]?.text, "older words would come back").toBe(typed);
});

test("trying again after a removal saves what is there by then, not what was refused", async () => {
  const { backend, session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  await press("PageDown");
  await pull(stage, [400, 300]);
  session.desk?.close();
  await drawn(session, 2);
  const told = refusing(backend);
  const face = await screen.findByRole("button", { name: "Picture 1 of 2" });
  face.focus();
  await fireEvent.keyDown(face, { key: "Delete" });
  await vi.waitFor(() => { expect(session.trouble?.code).toBe("marksTooMuchText"); }, patient);
  const again = session.repeat;
  told.refuse = false;
  session.mark(shotOf(session).id);
  session.desk?.add({ kind: "box", area: { x: 1, y: 1, width: 90, height: 90 }, color: { red: 0, green: 0, blue: 0 }, width: 2 });
  session.desk?.close();
  session.item?.words.write(`${session.item.words.text}, and more`);
  await session.item?.words.flush();
  again?.();
  await vi.waitFor(() => { expect(markings(backend).at(-1)?.text).toBe(session.item?.words.text); }, patient);
  expect([draftOf(session).text, kinds(shotOf(session).markup)]).toEqual([session.item?.words.text, ["pin", "box"]]);
  expect(session.item?.words.text.endsWith(", and more")).toBe(true);
});

test("Send tries marks again that were refused, and goes with them", async () => {
  const { backend, session, stage } = await onDesk();
  const told = refusing(backend);
  await press("r");
  await pull(stage, [20, 20], [90, 60]);
  session.desk?.close();
  const send = await screen.findByRole("button", { name: names.send });
  await fireEvent.click(send);
  await vi.waitFor(() => { expect(session.item?.refusal?.failure.code).toBe("marksTooMuchText"); }, patient);
  told.refuse = false;
  await fireEvent.click(send);
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toMatchObject({ change: "draft_send" }); }, patient);
  expect(markings(backend).map(({ marked }) => marked.map(({ markup }) => kinds(markup)))).toEqual([[["redact"]]]);
});

const color = { red: 0, green: 0, blue: 0 };
const boxAt = (x: number): Mark => ({ kind: "box", area: { x, y: 100, width: 100, height: 50 }, color, width: 2 });

/** Pulls halfway, does something else, and goes on to the release. */
async function interrupted(stage: HTMLElement, from: [number, number], to: [number, number], act: () => Promise<void>): Promise<void> {
  const at = ([clientX, clientY]: [number, number]) => ({ clientX, clientY, button: 0, ctrlKey: true });
  await fireEvent.pointerDown(stage, at(from));
  await fireEvent.pointerMove(stage, at(to));
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await act();
  await fireEvent.pointerMove(stage, at([to[0] + 9, to[1] + 9]));
  await fireEvent.pointerUp(stage, at([to[0] + 9, to[1] + 9]));
}

test.each<[string, () => Promise<void>, (before: readonly Mark[]) => readonly (Mark | undefined)[]]>([
  ["Delete", () => press("Delete"), ([, second]) => [second]],
  ["]", () => press("]"), ([first, second]) => [second, first]],
  ["undo", () => press("z", { ctrlKey: true }), ([first]) => [first]],
])("a mark that is gone or elsewhere by a key in mid-drag takes its gesture along: %s", async (_, act, after) => {
  const { session, stage } = await onDesk();
  const desk = session.desk;
  desk?.add(boxAt(100));
  desk?.add(boxAt(400));
  desk?.take("select");
  const before = desk?.marks ?? [];
  await interrupted(stage, [100, 120], [140, 160], act);
  expect(desk?.marks, "no other mark is replaced").toEqual(after(before));
  expect(desk?.live).toBeNull();
});

test("a stroke that another picture comes under is let go", async () => {
  const { session, stage } = await onDesk();
  const desk = session.desk;
  await press("b");
  await interrupted(stage, [100, 120], [240, 260], () => press("PageDown"));
  expect(desk?.markups.map(({ marks }) => marks)).toEqual([[], []]);
});

test("the original of a picture with pins stays, and it is said why", async () => {
  const { backend, session, stage } = await onDesk();
  await press("n");
  await pull(stage, [300, 300]);
  await press("Escape");
  await drawn(session, 1);
  await fireEvent.click(await screen.findByRole("button", { name: names.more }));
  await fireEvent.click(await screen.findByRole("menuitem", { name: names.forgetOriginal }));
  expect(screen.getByText(page.desk.forgetPinned)).toBeDefined();
  expect(screen.queryByText(page.desk.forgetTitle)).toBeNull();
  session.desk?.remove(0);
  await vi.waitFor(() => { expect(screen.queryByText(page.desk.forgetPinned), "it is over with the pins").toBeNull(); });
  expect(backend.asked.filter(({ change }) => change === "shot_forget")).toEqual([]);
});

test("nothing is drawn on a picture while its original is being forgotten", async () => {
  const { backend, session, stage } = await onDesk();
  const desk = session.desk;
  desk?.add(boxAt(100));
  expect(await desk?.saved()).toBe(true);
  const change = backend.change.bind(backend);
  let end = (): void => undefined;
  backend.change = async (asked) => {
    if (asked.change === "shot_forget") await new Promise<void>((resolve) => { end = resolve; });
    return change(asked);
  };
  const forgotten = desk?.forget();
  await vi.waitFor(() => { expect(desk?.forgetting).toBe(true); });
  await press("b");
  await pull(stage, [300, 300], [400, 400]);
  desk?.undo();
  expect(desk?.marks, "it would be drawn on what goes").toEqual([boxAt(100)]);
  await new Promise((resolve) => setTimeout(resolve));
  end();
  await forgotten;
  expect([desk?.marks, desk?.forgetting]).toEqual([[], false]);
  await pull(stage, [300, 300], [400, 400]);
  expect(desk?.marks).toHaveLength(1);
});

test("a picture that arrives takes nothing from undo and redo, and is no change of one's own", async () => {
  const { backend, session } = await onDesk();
  const desk = session.desk;
  const { id, shots } = draftOf(session);
  desk?.add(boxAt(100));
  desk?.undo();
  await backend.change({ change: "draft_shot_remove", draft: id, index: 1 });
  await vi.waitFor(() => { expect(draftOf(session).shots).toHaveLength(1); }, patient);
  session.desk = null;
  session.mark(shots[0]?.id ?? "");
  const opened = session.desk as unknown as Desk;
  opened.add(boxAt(100));
  opened.undo();
  await backend.change({ change: "shot_restore", target: { into: "draft", id }, shot: shots[1]?.id ?? "", index: 1 });
  await vi.waitFor(() => { expect(opened.shots).toHaveLength(2); }, patient);
  expect(opened.changed, "Cancel has nothing to ask").toBe(false);
  opened.settle();
  expect([opened.canUndo, opened.canRedo]).toEqual([false, true]);
  opened.redo();
  expect(opened.markups.map(({ marks }) => marks)).toEqual([[boxAt(100)], []]);
  opened.turn(1);
  opened.add(boxAt(200));
  opened.undo();
  opened.undo();
  expect([opened.markups.map(({ marks }) => marks), opened.changed]).toEqual([[[], []], false]);
});

test("a crop gives the tool back that was used before, to the next desk as well", async () => {
  const { session, stage } = await onDesk();
  await press("b");
  await press("c");
  await pull(stage, [100, 60], [700, 500], { ctrlKey: true });
  await press("Enter");
  expect([session.desk?.markup.crop, session.desk?.tool, session.kit.tool]).toEqual([{ x: 100, y: 60, width: 600, height: 440 }, "box", "box"]);
});
