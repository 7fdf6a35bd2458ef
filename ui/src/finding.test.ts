// A search by content: from the field to the words in the conversation, by keyboard.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import { patient, shown } from "./shown";
import { names } from "./text/names";
import { page } from "./text/page";

beforeEach(() => {
  // The test environment lays nothing out.
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(cleanup);

const field = (): HTMLInputElement => screen.getByRole("searchbox", { name: names.search });

async function type(words: string): Promise<void> {
  await fireEvent.input(field(), { target: { value: words } });
}

const hits = (): Promise<HTMLElement> => screen.findByRole("listbox", { name: names.hits }, patient);

test("a word of a conversation leads to its block, and Escape takes the marks away", async () => {
  const { session } = await shown("follow-done");
  await session.create();
  await type("npm test");
  const list = await hits();
  const option = within(list).getAllByRole("option")[0];
  expect(option?.querySelector("mark")?.textContent).toBe("npm");
  // No title has these words, so that the first key down goes to the conversations.
  await fireEvent.keyDown(field(), { key: "ArrowDown" });
  expect(document.activeElement).toBe(list);
  await fireEvent.keyDown(list, { key: "Enter" });
  await vi.waitFor(() => {
    expect(document.querySelector("[data-found]")?.textContent).toContain("Ran the tests");
  }, patient);
  expect(session.wanted).toEqual({ view: "agent", id: "bc-sign-in" });
  expect(document.activeElement).toBe(list);
  await fireEvent.keyDown(list, { key: "Escape" });
  await vi.waitFor(() => { expect(document.querySelector("[data-found]")).toBeNull(); }, patient);
  expect([field().value, document.activeElement, screen.queryByRole("listbox", { name: names.hits })]).toEqual(["", field(), null]);
});

test("the name of a file an agent left leads to it", async () => {
  await shown("follow-done");
  await type("test-results");
  await fireEvent.click(within(await hits()).getByRole("option"));
  await vi.waitFor(() => {
    expect(document.querySelector<HTMLElement>("[data-found]")?.dataset["file"]).toBe("reports/test-results.txt");
  }, patient);
});

test("from the rows whose titles fit the keys go on to the conversations and back", async () => {
  const { session } = await shown("follow-done");
  await type("sign");
  const list = await hits();
  const rows = screen.getByRole("listbox", { name: names.list });
  await fireEvent.keyDown(field(), { key: "ArrowDown" });
  expect(document.activeElement).toBe(rows);
  await fireEvent.keyDown(rows, { key: "End" });
  await fireEvent.keyDown(rows, { key: "ArrowDown" });
  expect(document.activeElement).toBe(list);
  await fireEvent.keyDown(list, { key: "ArrowUp" });
  expect(document.activeElement).toBe(rows);
  await fireEvent.keyDown(rows, { key: "Escape" });
  expect([session.query, document.activeElement]).toEqual(["", field()]);
});

test("a snippet is text, whatever it says", async () => {
  const { backend } = await shown("follow-done");
  const hostile = "<img src=x onerror=alert(1)>";
  vi.spyOn(backend, "search").mockResolvedValue({
    hits: [{ agent: "bc-sign-in", title: hostile, run: null, place: { place: "block", id: "gone" }, at: 1, snippet: [{ text: hostile, found: true }] }],
    cut: false,
  });
  await type("alert");
  const list = await hits();
  expect([list.querySelector("img"), list.querySelector("mark")?.textContent]).toEqual([null, hostile]);
});

test("what cannot be searched is said", async () => {
  const { backend } = await shown("follow-done");
  vi.spyOn(backend, "search").mockRejectedValue(new Refusal({ code: "dataTrouble" }));
  await type("login");
  await screen.findByText(page.list.searchFailed, undefined, patient);
});
