import { expect, test } from "vitest";
import type { Block, Update } from "../backend/bindings";
import { agentOf, draftOf } from "../backend/memory/made";
import { Item } from "./item.svelte";

const block = (id: string, order: number, text: string): Update => ({
  update: "block",
  block: { id, order, run: null, at: 1, kind: { kind: "prompt", text, shots: [] } } satisfies Block,
});

const shown = (item: Item): [string, string][] =>
  item.blocks.map(({ id, block: { kind } }) => [id, kind.kind === "prompt" ? kind.text : ""]);

const agentItem = (): Item => new Item({ view: "agent", id: "a" }, () => Promise.resolve());

test("blocks stand by their order, whatever order they came in", () => {
  const item = agentItem();
  item.apply({ revision: 1, whole: true, updates: [block("b", 2, "second"), block("a", 1, "first")] });
  expect(shown(item)).toEqual([["a", "first"], ["b", "second"]]);
});

test("a growing block replaces its own content and leaves the list alone", () => {
  const item = agentItem();
  item.apply({ revision: 1, whole: true, updates: [block("a", 1, "one"), block("b", 2, "two")] });
  const before = item.blocks;
  item.apply({ revision: 2, whole: false, updates: [block("b", 2, "two, and more")] });
  expect(shown(item)).toEqual([["a", "one"], ["b", "two, and more"]]);
  // The same array: nothing but the one block is drawn again.
  expect(item.blocks).toBe(before);
});

test("a block that is gone is gone, and a whole answer forgets what was there", () => {
  const item = agentItem();
  item.apply({ revision: 1, whole: true, updates: [block("a", 1, "one"), block("b", 2, "two")] });
  item.apply({ revision: 2, whole: false, updates: [{ update: "blockGone", id: "a" }] });
  expect(shown(item)).toEqual([["b", "two"]]);
  item.apply({ revision: 3, whole: true, updates: [block("c", 1, "three")] });
  expect(shown(item)).toEqual([["c", "three"]]);
});

test("the words of a draft are taken once, and the saves go to that draft", async () => {
  const saves: unknown[] = [];
  const item = new Item({ view: "draft", id: "d" }, (change) => Promise.resolve(saves.push(change)));
  item.apply({ revision: 1, whole: true, updates: [{ update: "draft", draft: draftOf("d", { text: "hello" }) }] });
  expect(item.words.text).toBe("hello");
  item.words.write("hello there");
  await item.words.flush();
  expect(saves).toEqual([{ change: "draft_text", draft: "d", text: "hello there" }]);
});

test("the answer of an agent is saved to that agent", async () => {
  const saves: unknown[] = [];
  const item = new Item({ view: "agent", id: "a" }, (change) => Promise.resolve(saves.push(change)));
  const agent = agentOf("a", "Title", { is: "done" }, { answer: { text: "so far", shots: [] } });
  item.apply({ revision: 1, whole: true, updates: [{ update: "agent", agent }] });
  item.words.write("so far so good");
  await item.words.flush();
  expect(saves).toEqual([{ change: "answer_text", agent: "a", text: "so far so good" }]);
});
