// The list and the quick switcher, by keyboard and pointer, over the in-memory backend.

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Change } from "./backend/bindings";
import { sceneOf } from "./backend/memory/scenes";
import { row, shop } from "./backend/memory/made";
import { patient, shown } from "./shown";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);
// Nothing has a height here: as high as in a window of 800 pixels.
beforeEach(() => { vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(680); });

const press = (key: string, over: object = {}): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key, ...over });
const options = (): HTMLElement[] => within(screen.getByRole("listbox", { name: names.list })).queryAllByRole("option");
const titles = (): string[] => options().map((option) => option.querySelector("b")?.textContent ?? "");
const heads = (): string[] => [...document.querySelectorAll(".head .name")].map(({ textContent }) => textContent);

async function switcher(): Promise<HTMLInputElement> {
  await press("k", { ctrlKey: true });
  return screen.findByRole<HTMLInputElement>("combobox", { name: names.switcher }, patient);
}
const lines = (): string[] => within(screen.getByRole("listbox", { name: names.switcherList })).queryAllByRole("option")
  .map((line) => line.querySelector(".label")?.textContent.trim() ?? "");
const type = (field: HTMLInputElement, value: string): Promise<boolean> => fireEvent.input(field, { target: { value } });
const last = (asked: readonly Change[]): Change | undefined => asked.at(-1);

test("of 10,000 rows only those in sight are in the page, and the keys reach the last", async () => {
  const { session } = await shown("many");
  const list = screen.getByRole("listbox", { name: names.list });
  expect(options().length).toBeGreaterThan(5);
  expect(options().length).toBeLessThan(30);
  expect(new Set(options().map((option) => option.getAttribute("aria-setsize")))).toEqual(new Set([(session.world.rows.length - 1).toString()]));
  expect(options()[0]?.getAttribute("aria-posinset")).toBe("1");
  list.focus();
  await fireEvent.keyDown(list, { key: "End" });
  await fireEvent.scroll(list);
  const at = (): string | null => document.querySelector(`[id="${list.getAttribute("aria-activedescendant") ?? ""}"]`)?.getAttribute("aria-posinset") ?? null;
  await waitFor(() => { expect(at()).toBe((session.world.rows.length - 1).toString()); });
  await fireEvent.keyDown(list, { key: "ArrowUp" });
  expect(at()).toBe((session.world.rows.length - 2).toString());
  expect(options().length).toBeLessThan(30);
  await fireEvent.keyDown(list, { key: "Home" });
  await fireEvent.scroll(list);
  expect(at()).toBe("1");
});

test("a filter is asked to be kept, said in one line, and cleared", async () => {
  const { backend } = await shown("list");
  await fireEvent.click(screen.getByRole("button", { name: names.filter }));
  await fireEvent.change(screen.getByLabelText(page.list.standing), { target: { value: "failed" } });
  await vi.waitFor(() => { expect(titles()).toEqual(["Footer links wrap badly"]); }, patient);
  expect(last(backend.asked)).toMatchObject({ change: "settings_change", settings: { theme: "system", list: { filter: { standing: "failed" } } } });
  await fireEvent.change(screen.getByLabelText(page.list.groupBy), { target: { value: "repository" } });
  await vi.waitFor(() => { expect(heads()).toEqual(["Docs"]); }, patient);
  await fireEvent.click(screen.getByRole("button", { name: names.clearFilter }));
  await vi.waitFor(() => { expect(titles().length).toBeGreaterThan(5); }, patient);
  expect(screen.queryByRole("button", { name: names.clearFilter })).toBeNull();
});

test("a filter by a repository that nothing is known of leaves a sentence and a way back", async () => {
  const { session } = await shown("list");
  session.arrange({ filter: { standing: null, repository: "https://github.com/studio/gone", origin: null, within: null } });
  await screen.findByText(page.list.nothingFits, {}, patient);
  expect(screen.getByText("studio/gone")).toBeTruthy();
  expect(screen.getByRole("button", { name: names.clearFilter })).toBeTruthy();
});

test("what is open is pinned by keys, stands on top, and goes back", async () => {
  const { backend, session } = await shown("list");
  session.open({ view: "agent", id: "bc-footer" });
  await press("P", { ctrlKey: true, shiftKey: true });
  await vi.waitFor(() => { expect([heads()[0], titles()[0]]).toEqual(["Pinned", "Footer links wrap badly"]); }, patient);
  expect(last(backend.asked)).toEqual({ change: "row_pin", target: { open: "agent", id: "bc-footer" }, pinned: true });
  await press("P", { ctrlKey: true, shiftKey: true });
  await vi.waitFor(() => { expect(heads()[0]).toBe("Needs you"); }, patient);
});

test("nothing moves from under the pointer until it leaves", async () => {
  const { backend, session } = await shown("list");
  const before = titles();
  const list = screen.getByRole("listbox", { name: names.list });
  await fireEvent.pointerMove(list);
  await backend.change({ change: "draft_text", draft: "draft-tooltip", text: "Tooltip, again" });
  const id = await backend.change({ change: "draft_create" });
  await backend.change({ change: "draft_text", draft: id ?? "", text: "Brand new" });
  await vi.waitFor(() => { expect(session.world.rows.some(({ row: { title } }) => title === "Brand new")).toBe(true); }, patient);
  expect(titles()).toEqual(before.map((title) => (title === "Tooltip covers the legend" ? "Tooltip, again" : title)));
  await fireEvent.pointerLeave(list);
  expect(titles()).toContain("Brand new");
});

test("the switcher finds by letters, marks them, and Enter goes there", async () => {
  const { session } = await shown("list");
  const field = await switcher();
  expect(document.activeElement).toBe(field);
  expect(lines()[0]).toBe(titles()[1]);
  await type(field, "ftrlnk");
  expect(lines()).toEqual(["Footer links wrap badly"]);
  expect([...document.querySelectorAll("dialog mark")].map(({ textContent }) => textContent)).toEqual(["F", "t", "r", "l", "nk"]);
  await press("Enter");
  await vi.waitFor(() => { expect(session.wanted).toEqual({ view: "agent", id: "bc-footer" }); }, patient);
  expect(document.querySelector("dialog")).toBeNull();
});

test("the switcher begins a draft in a repository, and runs commands", async () => {
  const { backend } = await shown("list");
  await type(await switcher(), "docs");
  while (!document.querySelector("dialog .at")?.textContent.includes(page.switcher.repository)) await press("ArrowDown");
  await press("Enter");
  await vi.waitFor(() => { expect(last(backend.asked)?.change).toBe("draft_repository"); }, patient);
  await type(await switcher(), "dark look");
  await press("Enter");
  await vi.waitFor(() => { expect(last(backend.asked)).toMatchObject({ change: "settings_change", settings: { theme: "dark" } }); }, patient);
});

test("the keys go round, and Escape or the keys that opened it close the switcher", async () => {
  await shown("list");
  await switcher();
  const at = (): string | undefined => document.querySelector("dialog .at .label")?.textContent.trim();
  await press("ArrowUp");
  expect(at()).toBe(lines().at(-1));
  await press("ArrowDown");
  expect(at()).toBe(lines()[0]);
  await press("Escape");
  await vi.waitFor(() => { expect(document.querySelector("dialog")).toBeNull(); }, patient);
  await switcher();
  await press("k", { ctrlKey: true });
  await vi.waitFor(() => { expect(document.querySelector("dialog")).toBeNull(); }, patient);
});

test("an agent that vanishes while it is selected is not gone to: the next line takes its place", async () => {
  const scene = sceneOf("list");
  for (const word of ["one", "two"]) scene.rows.push(row(`bc-${word}`, `Button ${word}`, null, shop, { is: "done", pullRequest: false }, Date.now()));
  const { backend } = await shown(scene);
  await type(await switcher(), "button");
  const [first, second] = lines();
  expect([first, second]).toEqual(["Button one", "Button two"]);
  await backend.change({ change: "agent_delete", agent: "bc-one" });
  await vi.waitFor(() => { expect(lines()[0]).toBe(second); }, patient);
  expect(document.querySelector("dialog .at .label")?.textContent.trim()).toBe(second);
});

test("a title that turns the direction of writing is shown as it is, within its own bounds", async () => {
  const scene = sceneOf("list");
  const hostile = "\u202egnp.exe \u2066<b>x</b>";
  scene.rows.push(row("bc-hostile", hostile, null, shop, { is: "done", pullRequest: false }, Date.now()));
  await shown(scene);
  await type(await switcher(), "exe");
  expect(document.querySelector("dialog .at bdi")?.textContent).toBe(hostile);
  expect(document.querySelector("dialog .at b")).toBeNull();
});

test("with 10,000 agents the switcher draws a bounded number of lines", async () => {
  await shown("many");
  const field = await switcher();
  for (const query of ["b", "bu", "button", "button 9"]) {
    await type(field, query);
    expect(lines().length).toBe(24);
  }
});

test("the keys go over what is searched and open nothing, Enter opens it, and without a search they open as they go", async () => {
  const { backend, session } = await shown("list");
  const opened = vi.spyOn(session, "open");
  const list = screen.getByRole("listbox", { name: names.list });
  const at = (): string | null => list.querySelector(".at b")?.textContent ?? null;
  await type(screen.getByRole<HTMLInputElement>("searchbox", { name: names.search }), "e");
  screen.getByRole("searchbox", { name: names.search }).focus();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await press("ArrowDown");
  await press("Home");
  await press("ArrowDown");
  await press("ArrowDown");
  vi.runAllTimers();
  vi.useRealTimers();
  const third = titles()[2];
  expect([at(), opened.mock.calls, document.activeElement === list]).toEqual([third, [], true]);
  // News of a row moves the keys nowhere.
  await backend.change({ change: "draft_text", draft: "draft-tooltip", text: "Tooltip, again" });
  await vi.waitFor(() => { expect(titles()).toContain("Tooltip, again"); }, patient);
  expect(at()).toBe(third);
  await press("Enter");
  const target = session.world.rows.find(({ row: { title } }) => title === third)?.row.target;
  expect(opened.mock.calls).toEqual([[{ view: target?.open, id: target?.id }]]);

  opened.mockClear();
  session.query = "";
  list.focus();
  await press("Home");
  await vi.waitFor(() => { expect(opened).toHaveBeenCalledOnce(); }, patient);
});

test("Enter in the search opens what fits best, with the caret in its words", async () => {
  const { session } = await shown("list");
  const field = screen.getByRole<HTMLInputElement>("searchbox", { name: names.search });
  field.focus();
  const opened = vi.spyOn(session, "open");
  await type(field, "e");
  await press("Enter");
  const target = session.world.rows.find(({ row: { title } }) => title === titles()[0])?.row.target;
  expect(opened.mock.calls).toEqual([[{ view: target?.open, id: target?.id }]]);
});

test("no tip of the system covers the list: only buttons that are drawings have one, which is their name", async () => {
  const { session } = await shown("list");
  session.arrange({ filter: { standing: null, repository: null, origin: "here", within: null } });
  await screen.findByRole("button", { name: names.clearFilter }, patient);
  session.query = "sign";
  await screen.findByRole("listbox", { name: names.hits }, patient);
  const tips = [...document.querySelectorAll<HTMLElement>("aside [title]")].filter((tipped) => tipped.title !== tipped.getAttribute("aria-label"));
  expect(tips.map((tipped) => tipped.title)).toEqual([]);
});
