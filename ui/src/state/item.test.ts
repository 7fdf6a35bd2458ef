import { expect, test, vi } from "vitest";
import type { Block, Earlier, Update } from "../backend/bindings";
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

/** An item of which only the end is here, and what answers when it asks for more. */
function tailOnly(): { item: Item; asked: unknown[]; answer: (earlier: Earlier) => Promise<void> } {
  const asked: unknown[] = [];
  const waiting: ((earlier: Earlier) => void)[] = [];
  const item = new Item({ view: "agent", id: "a" }, () => Promise.resolve(), undefined, (before, to) => {
    asked.push([before, to]);
    return new Promise((resolve) => waiting.push(resolve));
  });
  const answer = async (earlier: Earlier): Promise<void> => {
    await vi.waitFor(() => { expect(waiting.length).toBeGreaterThan(0); });
    waiting.shift()?.(earlier);
    await new Promise((resolve) => setTimeout(resolve));
  };
  item.apply({
    revision: 1,
    whole: true,
    updates: [{ update: "from", order: 8 }, block("ask", 1, "asked"), words("w8", 8, "end"), words("w9", 9, "last")],
  });
  return { item, asked, answer };
}

const words = (id: string, order: number, text: string): Update & { update: "block" } => ({
  update: "block",
  block: { id, order, run: null, at: 1, kind: { kind: "words", nodes: [{ node: "code", language: "", text }] } } satisfies Block,
});

const ids = (item: Item): [number, string[], string[]] => [
  item.from,
  item.blocks.map(({ id }) => id),
  item.prompts.map(({ id }) => id),
];

test("only the end is here, with all prompts, until more is asked for", async () => {
  const { item, asked, answer } = tailOnly();
  expect(ids(item)).toEqual([8, ["w8", "w9"], ["ask"]]);
  const first = item.earlier(null);
  const second = item.earlier("all");
  await answer({ blocks: [words("w5", 5, "middle").block, words("w6", 6, "more").block], from: 5 });
  await first;
  expect(ids(item)).toEqual([5, ["w5", "w6", "w8", "w9"], ["ask"]]);
  await answer({ blocks: [words("w2", 2, "begin").block, prompt.block], from: 0 });
  await second;
  expect([ids(item), asked]).toEqual([
    [0, ["ask", "w2", "w5", "w6", "w8", "w9"], ["ask"]],
    [[8, null], [5, "ask"]],
  ]);
  await item.earlier("all");
  expect(asked.length).toBe(2);
});

const prompt = block("ask", 1, "asked") as Update & { update: "block" };

test("what changes of a part that is on its way is not lost, and what went does not come back", async () => {
  const { item, asked, answer } = tailOnly();
  const done = item.earlier(null);
  await vi.waitFor(() => { expect(asked).toEqual([[8, null]]); });
  item.apply({
    revision: 2,
    whole: false,
    updates: [words("w5", 5, "newer"), { update: "blockGone", id: "w6" }, words("w10", 10, "said meanwhile")],
  });
  expect(ids(item)).toEqual([8, ["w8", "w9", "w10"], ["ask"]]);
  await answer({ blocks: [words("w5", 5, "older").block, words("w6", 6, "gone").block], from: 5 });
  await done;
  const { kind } = item.blocks[0]?.block ?? {};
  expect([ids(item), kind]).toEqual([[5, ["w5", "w8", "w9", "w10"], ["ask"]], words("w5", 5, "newer").block.kind]);
});

test("a part that was asked for before the view began anew is dropped", async () => {
  const { item, asked, answer } = tailOnly();
  const done = item.earlier(null);
  await vi.waitFor(() => { expect(asked).toEqual([[8, null]]); });
  item.apply({ revision: 3, whole: true, updates: [{ update: "from", order: 20 }, words("w20", 20, "anew")] });
  await answer({ blocks: [words("w5", 5, "of old").block], from: 5 });
  await done;
  expect(ids(item)).toEqual([20, ["w20"], []]);
});

test("a part that could not be brought is asked for again", async () => {
  const answers = [() => Promise.reject(new Error("no answer")), () => Promise.resolve({ blocks: [words("w2", 2, "begin").block], from: 0 })];
  const item = new Item({ view: "agent", id: "a" }, () => Promise.resolve(), undefined, () => answers.shift()?.() ?? Promise.reject(new Error("asked too often")));
  item.apply({ revision: 1, whole: true, updates: [{ update: "from", order: 8 }, words("w8", 8, "end")] });
  await expect(item.earlier("all")).rejects.toThrow("no answer");
  await item.earlier("all");
  expect(ids(item)).toEqual([0, ["w2", "w8"], []]);
});

test("what is far from the end is given back, but for the prompts, and asked for again", async () => {
  const { item, asked, answer } = tailOnly();
  item.apply({ revision: 2, whole: false, updates: [words("w10", 10, "new")] });
  item.forget(9);
  expect(ids(item)).toEqual([9, ["w9", "w10"], ["ask"]]);
  item.forget(8);
  expect(item.from).toBe(9);
  item.apply({ revision: 3, whole: false, updates: [words("w8", 8, "changed, and not here")] });
  const done = item.earlier(null);
  await vi.waitFor(() => { expect(asked).toEqual([[9, null]]); });
  // What is asked for is not given back on the way.
  item.forget(10);
  await answer({ blocks: [words("w8", 8, "changed, and not here").block], from: 8 });
  await done;
  expect(ids(item)).toEqual([8, ["w8", "w9", "w10"], ["ask"]]);
});
