// A picture that is pasted while something else has the focus still arrives, and words stay where they are typed.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { patient, shown } from "./shown";
import type { Session } from "./state/session.svelte";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

const count = ({ item }: Session): number => (item?.draft?.shots ?? item?.agent?.answer.shots ?? []).length;

function pasteOf(words: string): Event {
  return Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData: { getData: () => words } });
}

test.each(["compose", "follow-done"])("in the scene %s, a picture that is pasted while a menu beside it is open arrives", async (scene) => {
  const { session } = await shown(scene);
  await screen.findByRole("textbox", {}, patient);
  const before = count(session);
  const [menu] = await screen.findAllByRole("button", { name: names.filter }, patient);
  menu?.focus();
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: "v", ctrlKey: true });
  await fireEvent.keyDown(document.activeElement ?? document.body, { key: "v", ctrlKey: true, repeat: true });
  await vi.waitFor(() => { expect(count(session)).toBe(before + 1); }, patient);
});

test.each(["compose", "follow-done"])("in the scene %s, a field that takes words alone leaves a picture to the composer, and keeps words", async (scene) => {
  const { backend, session } = await shown(scene);
  const before = count(session);
  const pastes = vi.spyOn(backend, "paste");
  const field = await screen.findByRole("searchbox", {}, patient);
  field.focus();
  expect(await fireEvent(field, pasteOf("shop")), "the field takes its words").toBe(true);
  expect(pastes).not.toHaveBeenCalled();
  expect(await fireEvent(field, pasteOf(""))).toBe(false);
  await vi.waitFor(() => { expect(count(session)).toBe(before + 1); }, patient);
  expect(pastes).toHaveBeenCalledTimes(1);
});

test("a finder of the composer leaves a picture to it as well, once", async () => {
  const { backend, session } = await shown("compose");
  const before = count(session);
  const pastes = vi.spyOn(backend, "paste");
  await fireEvent.click(await screen.findByRole("button", { name: new RegExp(names.repository) }, patient));
  const field = await screen.findByRole("combobox", {}, patient);
  await fireEvent.keyDown(field, { key: "v", ctrlKey: true });
  await fireEvent(field, pasteOf(""));
  await vi.waitFor(() => { expect(count(session)).toBe(before + 1); }, patient);
  expect(pastes).toHaveBeenCalledTimes(1);
});

test("nothing is pasted below a dialog", async () => {
  const { backend, session } = await shown("compose");
  const pastes = vi.spyOn(backend, "paste");
  session.dialog = { shows: "settings" };
  const dialog = await screen.findByRole("dialog", { name: names.settings }, patient);
  await fireEvent.keyDown(dialog, { key: "v", ctrlKey: true });
  expect(pastes).not.toHaveBeenCalled();
});

test("the answer says what will go of its pictures", async () => {
  const { session } = await shown("follow-done");
  await session.taking.paste({ into: "answer", id: session.item?.view.id ?? "" }, true, () => undefined);
  const [shot] = await vi.waitFor(() => {
    const shots = session.item?.agent?.answer.shots ?? [];
    expect(shots).toHaveLength(1);
    return shots;
  }, patient);
  const { width = 0, height = 0, bytes = 0 } = shot ?? {};
  const now = { edges: [width, height] as [number, number], pixels: width * height, bytes };
  expect(await screen.findByText(page.compose.load({ count: 1, now, before: now, squeezed: false }))).toBeDefined();
});
