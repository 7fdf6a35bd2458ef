import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { Block } from "../../backend/bindings";
import { patient, shown } from "../../shown";
import { BlockEntity } from "../../state/entities.svelte";
import { names } from "../../text/names";
import { firstFrom, matchesOf, rangesIn, stepped } from "./find";
import { segmentsOf } from "./segments";

afterEach(cleanup);

const said = (id: string, order: number, ...pieces: string[]): BlockEntity =>
  new BlockEntity({
    id,
    order,
    run: null,
    at: 0,
    kind: {
      kind: "words",
      nodes: [
        {
          node: "paragraph",
          content: pieces.map((text, at) => (at % 2 === 0 ? { inline: "text", text } : { inline: "strong", content: [{ inline: "text", text }] })),
        },
      ],
    },
  } satisfies Block);

const segments = segmentsOf([said("a", 1, "One button, one ", "BUT", "ton"), said("b", 2, "nothing"), said("c", 3, "İ Button")]);

test("places are found whatever their case, and through what is emphasized", () => {
  expect(matchesOf(segments, "button")).toEqual([
    { key: "a", nth: 0 },
    { key: "a", nth: 1 },
    { key: "c", nth: 0 },
  ]);
  expect(matchesOf(segments, "")).toEqual([]);
});

test("steps go round, and begin at what is in sight", () => {
  const matches = matchesOf(segments, "button");
  expect([stepped(matches, 2, 1), stepped(matches, 0, -1), stepped(matches, -1, -1), stepped([], -1, 1)]).toEqual([
    matches[0],
    matches[2],
    matches[2],
    null,
  ]);
  expect([firstFrom(matches, segments, "b"), firstFrom(matches, segments, null), firstFrom(matches.slice(0, 1), segments, "c")]).toEqual([
    matches[2],
    matches[0],
    matches[0],
  ]);
});

test("what is drawn is marked through its pieces, from paragraph to paragraph never", () => {
  const drawn = document.createElement("div");
  const add = (parent: Element, name: string, text: string): Element => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  add(add(drawn, "p", "a but"), "b", "ton and");
  add(drawn, "button", "Copy the button");
  add(drawn, "p", "but");
  add(drawn, "p", "ton");
  expect(rangesIn(drawn, "Button").map(String)).toEqual(["button"]);
});

test("Ctrl F finds in the conversation, by keys alone", async () => {
  await shown("follow-done");
  await screen.findByRole("region", { name: names.transcript }, patient);
  const held = { key: "f", ctrlKey: true };
  await fireEvent.keyDown(document.body, held);
  const bar = await screen.findByRole("search", { name: names.find }, patient);
  const field = within(bar).getByRole("textbox", { name: names.findWords });
  expect(document.activeElement).toBe(field);
  const place = (): string | null => within(bar).getByRole("status").textContent;
  await fireEvent.input(field, { target: { value: "the" } });
  const all = Number(place()?.split(" of ")[1]);
  expect([place(), all > 2]).toEqual([`1 of ${all.toString()}`, true]);
  await fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  expect(place()).toBe(`${all.toString()} of ${all.toString()}`);
  await fireEvent.keyDown(field, { key: "Enter" });
  await fireEvent.keyDown(field, { key: "Enter" });
  expect(place()).toBe(`2 of ${all.toString()}`);
  await fireEvent.input(field, { target: { value: "no such words" } });
  expect(place()).toBe("Not found");
  await fireEvent.keyDown(field, { key: "Escape" });
  expect([screen.queryByRole("search", { name: names.find }), document.activeElement]).toEqual([
    null,
    screen.getByRole("region", { name: names.transcript }),
  ]);
});

test("what is counted is what is marked, in steps as well, and their details are none of it", async () => {
  const { session } = await shown("follow-done");
  await screen.findByRole("region", { name: names.transcript }, patient);
  const drawn = segmentsOf(session.item?.blocks ?? [], session.item?.prompts ?? []);
  const steps = drawn.filter(({ segment }) => segment === "steps");
  expect(steps.length).toBeGreaterThan(0);
  for (const sought of ["e", "the", "css", "sign"]) {
    const marked = drawn.map(({ key }) => {
      const part = document.querySelector(`[data-part="${CSS.escape(key)}"]`);
      return part === null ? -1 : rangesIn(part, sought).length;
    });
    expect(marked, sought).toEqual(drawn.map((segment) => matchesOf([segment], sought).length));
  }
});
