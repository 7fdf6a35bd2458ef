// Several rows of the list at once, by pointer and keys, over the in-memory backend.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Change } from "./backend/bindings";
import { patient, shown } from "./shown";
import { failureShort } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);
// Pages and dialogs come after the first picture, and may be on their way when the last test is over.
afterAll(() => vi.dynamicImportSettled());
beforeEach(() => { vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(2_000); });

const list = (): HTMLElement => screen.getByRole("listbox", { name: names.list });
const option = (title: string): HTMLElement => {
  const found = within(list()).getAllByRole("option").find((each) => each.querySelector("b")?.textContent === title);
  if (found === undefined) throw new Error(`no row ${title}`);
  return found;
};
const selected = (): string[] => within(list()).getAllByRole("option")
  .filter((each) => each.getAttribute("aria-selected") === "true").map((each) => each.querySelector("b")?.textContent ?? "");
const bar = (): HTMLElement => screen.getByRole("region", { name: names.selected });
const button = (name: string): HTMLElement => within(bar()).getByRole("button", { name });
const titles = (): string[] => within(list()).getAllByRole("option").map((each) => each.querySelector("b")?.textContent ?? "");
const about = (asked: readonly Change[]): Change[] => asked.filter(({ change }) => /^agent_(archive|delete|stop)|draft_delete/.test(change));
const [footer, basket] = ["Footer links wrap badly", "Empty basket illustration"];

test("Ctrl and a click select rows one by one without opening them, and Escape ends it", async () => {
  const { session } = await shown("list");
  const before = session.wanted;
  const [first = "", second = ""] = titles();
  await fireEvent.click(option(first), { ctrlKey: true });
  await fireEvent.click(option(second), { metaKey: true });
  expect([selected(), session.wanted, list().getAttribute("aria-multiselectable")]).toEqual([[first, second], before, "true"]);
  expect(within(bar()).getByText(page.many.selected(2))).toBeTruthy();
  await fireEvent.click(option(second), { ctrlKey: true });
  expect(selected()).toEqual([first]);
  await fireEvent.keyDown(list(), { key: "Escape" });
  expect([screen.queryByRole("region", { name: names.selected }), session.many.rows]).toEqual([null, []]);
});

test("Shift selects a range by click and by arrow keys, and a plain click opens and ends it", async () => {
  const { session } = await shown("list");
  const all = titles();
  await fireEvent.click(option(all[1] ?? ""), { ctrlKey: true });
  await fireEvent.click(option(all[3] ?? ""), { shiftKey: true });
  expect(selected()).toEqual(all.slice(1, 4));
  await fireEvent.keyDown(list(), { key: "ArrowUp", shiftKey: true });
  expect(selected(), "the range shrinks to where it began").toEqual(all.slice(1, 3));
  for (let times = 0; times < 2; times += 1) await fireEvent.keyDown(list(), { key: "ArrowUp", shiftKey: true });
  expect(selected(), "and goes on the other way").toEqual(all.slice(0, 2));
  await fireEvent.click(option(footer));
  expect(selected()).toEqual([footer]);
  await vi.waitFor(() => { expect(session.wanted).toEqual({ view: "agent", id: "bc-footer" }); }, patient);
});

test("several are archived, and Undo brings back all of them", async () => {
  const { backend } = await shown("list");
  for (const title of [footer, basket]) await fireEvent.click(option(title), { ctrlKey: true });
  const ids = about(backend.asked).length;
  await fireEvent.click(button(names.archive));
  await vi.waitFor(() => { expect([titles().includes(footer), titles().includes(basket)]).toEqual([false, false]); }, patient);
  await within(bar()).findByText(page.many.did("archive", 2), {}, patient);
  expect(ids, "selecting alone asked for nothing").toBe(0);
  await fireEvent.click(button(names.undo));
  await vi.waitFor(() => { expect(titles()).toEqual(expect.arrayContaining([footer, basket])); }, patient);
  expect(about(backend.asked).map((change) => (change.change === "agent_archive" ? change.archived : null))).toEqual([true, true, false, false]);
  expect(screen.queryByRole("region", { name: names.selected }), "nothing is left to be said").toBeNull();
});

test("deleting asks once with the count, and says of each that could not be deleted why", async () => {
  const { backend, session } = await shown("list");
  session.open({ view: "agent", id: "bc-footer" });
  for (const title of [footer, basket]) await fireEvent.click(option(title), { ctrlKey: true });
  const change = backend.change.bind(backend);
  const kept = session.many.rows.find(({ title }) => title === basket)?.target.id;
  backend.change = (asked) => (asked.change === "agent_delete" && asked.agent === kept ? Promise.reject(new Refusal({ code: "offline" })) : change(asked));
  await fireEvent.click(button(names.remove));
  await fireEvent.click(within(screen.getByRole("dialog", { name: page.many.deleteTitle(2, 0, "") })).getByRole("button", { name: names.remove }));
  await vi.waitFor(() => { expect(titles()).not.toContain(footer); }, patient);
  await within(bar()).findByText(page.many.undone("delete", basket, failureShort({ code: "offline" })), {}, patient);
  expect([selected(), within(bar()).queryByText(page.many.did("delete", 1)) !== null]).toEqual([[basket], true]);
  await vi.waitFor(() => { expect(session.wanted?.view, "what was open is gone, and a draft in its place").toBe("draft"); }, patient);
});

test("who is to be deleted is told: a single one by its title, several by how many of which", async () => {
  const { session } = await shown("list");
  await fireEvent.click(option(footer), { ctrlKey: true });
  await fireEvent.click(button(names.remove));
  const asked = screen.getByRole("dialog", { name: `Delete “\u2068${footer}\u2069”?` });
  await fireEvent.click(within(asked).getByRole("button", { name: names.cancel }));
  await fireEvent.click(option(basket), { ctrlKey: true });
  const draft = session.world.rows.find(({ row }) => row.target.open === "draft")?.row;
  if (draft === undefined) throw new Error("no draft");
  session.many.toggle(draft);
  await fireEvent.click(button(names.remove));
  expect(screen.getByRole("dialog", { name: "Delete 2 agents and 1 draft?" })).toBeTruthy();
});

test("a single archiving can be taken back too, until something else is done", async () => {
  const { session } = await shown("list");
  await session.act({ change: "agent_archive", agent: "bc-footer", archived: true });
  await vi.waitFor(() => { expect(titles()).not.toContain(footer); }, patient);
  await fireEvent.click(button(names.undo));
  await vi.waitFor(() => { expect(titles()).toContain(footer); }, patient);
  await session.act({ change: "agent_archive", agent: "bc-footer", archived: true });
  await session.act({ change: "list_refresh" });
  expect([session.many.archived, session.many.outcome]).toEqual([[], null]);
});

test("what the search, the filter or the archive hides is not selected any more", async () => {
  const { session } = await shown("list");
  const select = async (...which: string[]): Promise<void> => {
    for (const title of which) await fireEvent.click(option(title), { ctrlKey: true });
  };
  const kept = (): string[] => session.many.rows.map(({ title }) => title);
  await select(footer, basket);
  session.query = "footer";
  await vi.waitFor(() => { expect(titles()).toEqual([footer]); }, patient);
  expect([kept(), within(bar()).queryByText(page.many.selected(1)) !== null]).toEqual([[footer], true]);
  session.query = "";
  await vi.waitFor(() => { expect(titles()).toContain(basket); }, patient);
  expect(selected(), "and it stays so when it is seen again").toEqual([footer]);
  await session.act({ change: "agent_archive", agent: "bc-footer", archived: true });
  await vi.waitFor(() => { expect(titles()).not.toContain(footer); }, patient);
  expect(kept()).toEqual([]);
});
