// Before and after: what was sent against what came back, by keys and by hand.

import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { patient, shown } from "./shown";
import { names } from "./text/names";
import { page } from "./text/page";
import Compare from "./widgets/Compare.svelte";

afterEach(cleanup);

const words = page.compare;

async function opened(): Promise<HTMLElement> {
  await shown("follow-done");
  await fireEvent.click(await screen.findByRole("button", { name: names.compare }, patient));
  return screen.findByRole("dialog", { name: names.compare });
}

test("the two lie on each other, and keys choose the way and move the edge", async () => {
  const dialog = within(await opened());
  const edge = dialog.getByRole<HTMLInputElement>("slider", { name: words.edge });
  await fireEvent.input(edge, { target: { value: "80" } });
  expect(edge.closest<HTMLElement>(".frame")?.style.getPropertyValue("--edge"), "the edge is where it was put").toBe("80%");
  await fireEvent.keyDown(edge, { key: "3" });
  await vi.waitFor(() => { expect(dialog.getByRole<HTMLInputElement>("radio", { name: words.difference }).checked).toBe(true); });
  expect(dialog.queryByRole("slider"), "what differs has no edge").toBeNull();
  await fireEvent.keyDown(dialog.getByRole("radio", { name: words.difference }), { key: "1" });
  await vi.waitFor(() => { expect(dialog.getAllByRole("img")).toHaveLength(2); });
  expect(dialog.getAllByRole("img").map((picture) => picture.getAttribute("alt"))[0]).toBe(page.follow.before);
});

test("closing leads back to the conversation", async () => {
  const dialog = await opened();
  await fireEvent.click(within(dialog).getByRole("button", { name: names.close }));
  await vi.waitFor(() => { expect(screen.queryByRole("dialog", { name: names.compare })).toBeNull(); });
});

test.each([
  [{ width: 4_000, height: 1_000 }, { width: 4_000, height: 994 }, false],
  [{ width: 100, height: 4_000 }, { width: 100, height: 3_000 }, true],
])("proportions are said to differ by their share, however long the pictures are: %o, %o", (one, other, unequal) => {
  const picture = (size: { width: number; height: number }, key: string) => ({ key, source: `${key}.png`, caption: key, ...size });
  render(Compare, { name: names.compare, left: [picture(one, "one")], right: [picture(other, "other")], pair: [0, 0], words: { ...words, close: names.close }, onclose: () => undefined });
  expect(screen.queryByText(words.unequal) !== null).toBe(unequal);
});
