// Where the keyboard is after something was opened: in the words, in the list that is walked, or where it was.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { patient, shown } from "./shown";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

/** What the element that has the keyboard is called. */
const focused = (): string | null => document.activeElement?.getAttribute("aria-label") ?? null;
const has = (name: string): Promise<void> => vi.waitFor(() => { expect(focused()).toBe(name); }, patient);
const press = (key: string, over: object = {}): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key, ...over });

/** A click of the mouse, which gives the focus to what it presses unless the page keeps it. */
async function click(element: HTMLElement, over: object = {}): Promise<void> {
  if (await fireEvent.mouseDown(element, over)) element.closest<HTMLElement>("button, [tabindex]")?.focus();
  await fireEvent.click(element, over);
}

test("an agent that is opened has the caret in its answer, however late its page comes", async () => {
  const { session } = await shown("list");
  session.open({ view: "agent", id: "bc-footer" });
  await screen.findByLabelText(names.answer, {}, patient);
  await has(names.answer);
});

test("an agent that is only walked past leaves the keyboard in the list, until Enter", async () => {
  const { session } = await shown("list");
  const list = screen.getByRole("listbox", { name: names.list });
  list.focus();
  await press("Home");
  await press("ArrowDown");
  await vi.waitFor(() => { expect(session.item?.agent?.id).toBe(session.wanted?.id); }, patient);
  await screen.findByLabelText(names.answer, {}, patient);
  expect(focused()).toBe(names.list);
  await press("Enter");
  expect(focused()).toBe(names.answer);
});

test("an agent that is brought back elsewhere takes the keyboard from nobody, and one whose page comes late neither", async () => {
  const { backend, session } = await shown("list");
  const agent = "bc-footer";
  session.open({ view: "agent", id: agent });
  await screen.findByLabelText(names.answer, {}, patient);
  await has(names.answer);
  await backend.change({ change: "agent_archive", agent, archived: true });
  await vi.waitFor(() => { expect(screen.queryByLabelText(names.answer)).toBeNull(); }, patient);
  // Nothing there takes the caret, so that it is still wanted when the user goes elsewhere.
  await press("A", { ctrlKey: true, shiftKey: true });
  const search = screen.getByRole("searchbox", { name: names.search });
  search.focus();
  await backend.change({ change: "agent_archive", agent, archived: false });
  await screen.findByLabelText(names.answer, {}, patient);
  expect(focused()).toBe(names.search);

  session.open({ view: "agent", id: "bc-sign-in" });
  screen.getByRole("listbox", { name: names.list }).focus();
  search.focus();
  await vi.waitFor(() => { expect(session.item?.agent?.id).toBe("bc-sign-in"); }, patient);
  await screen.findByLabelText(names.answer, {}, patient);
  expect(focused()).toBe(names.search);
});

test("a launch that became an agent gives the keyboard to the answer, but takes it from nothing", async () => {
  for (const [takes, to] of [[false, names.answer], [true, names.search]] as const) {
    const { session } = await shown("compose");
    await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "Enter", ctrlKey: true });
    const now = await screen.findByRole("button", { name: names.sendNow }, patient);
    await has(names.transcript);
    now.focus();
    await fireEvent.click(now);
    if (takes) screen.getByRole("searchbox", { name: names.search }).focus();
    await vi.waitFor(() => { expect(session.item?.agent?.id).toBe(session.wanted?.id); }, patient);
    await screen.findByLabelText(names.answer, {}, patient);
    await has(to);
    cleanup();
  }
});

test.each([
  ["plan", [names.changeIt, names.goAhead]],
  ["ask", ["Use the new size", "You decide"]],
] as const)("in the scene %s one key leads to the answer, and what is asked stands just before it", async (scene, choices) => {
  await shown(scene);
  await screen.findByRole("button", { name: choices[1] }, patient);
  screen.getByRole("region", { name: names.transcript }).focus();
  await press("A", { ctrlKey: true, shiftKey: true });
  expect(focused()).toBe(names.answer);
  const stops = [...document.querySelectorAll<HTMLElement>("main :is(button, textarea, [tabindex='0'])")].filter(
    (stop) => stop.closest("[popover]") === null && stop.tabIndex === 0,
  );
  const before = stops.slice(0, stops.findIndex((stop) => stop === document.activeElement)).slice(-3);
  expect(before.map((stop) => stop.getAttribute("aria-label") ?? stop.textContent.trim())).toEqual([...choices, names.addPictures]);
});

test.each([["follow-working", names.answer, names.stop], ["compose", names.words, names.planFirst]])(
  "in the scene %s a button that is clicked leaves the keyboard in the words",
  async (scene, words, name) => {
    await shown(scene);
    const button = await screen.findByRole("button", { name }, patient);
    screen.getByLabelText(words).focus();
    await click(button);
    expect(focused()).toBe(words);
  },
);

test("what is chosen with the mouse leaves the keyboard where it was before", async () => {
  const { session } = await shown("compose");
  const before = session.item?.draft?.repository;
  screen.getByLabelText(names.words).focus();
  await click(await screen.findByRole("button", { name: new RegExp(`^${names.repository}:`) }, patient));
  await has(names.findRepository);
  const other = document.querySelector<HTMLElement>("[popover] [role='option']:not([aria-selected='true']) .line");
  if (other === null) throw new Error("nothing to choose");
  await click(other);
  await vi.waitFor(() => { expect(session.item?.draft?.repository).not.toBe(before); }, patient);
  expect(focused()).toBe(names.words);
});

test("what can be dragged is not held fast, nor is another button of the mouse, nor a button in a dialog", async () => {
  const { session } = await shown("follow-done");
  const gallery = await screen.findByRole("list", { name: names.gallery }, patient);
  const dragged = gallery.querySelector<HTMLElement>("[draggable='true'] button");
  if (dragged === null) throw new Error("nothing to drag");
  expect(await fireEvent.mouseDown(dragged), "the drag begins").toBe(true);
  expect(await fireEvent.mouseDown(screen.getByRole("button", { name: names.compare }), { button: 2 })).toBe(true);
  session.dialog = { shows: "settings" };
  const dialog = await screen.findByRole("dialog", { name: page.settings.title }, patient);
  expect(await fireEvent.mouseDown(within(dialog).getByRole("button", { name: names.close })), "a field there is left").toBe(true);
});

test("after pictures were compared, or looked at, the keyboard is in the words again", async () => {
  await shown("follow-done");
  const compare = await screen.findByRole("button", { name: names.compare }, patient);
  await has(names.answer);
  const picture = screen.getByRole("list", { name: names.gallery }).querySelector<HTMLElement>("li:not([draggable='true']) button");
  if (picture === null) throw new Error("no picture");
  for (const opens of [compare, picture]) {
    await click(opens);
    const dialog = document.querySelector("dialog");
    if (dialog === null) throw new Error("nothing is shown");
    await click(within(dialog).getByRole("button", { name: names.close }));
    await vi.waitFor(() => { expect(document.querySelector("dialog")).toBeNull(); }, patient);
    await has(names.answer);
  }
});
