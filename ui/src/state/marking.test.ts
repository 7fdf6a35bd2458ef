// Marks on their way to the core: what was refused stays refused until those very marks are kept.

import { expect, test } from "vitest";
import type { Change, Markup } from "../backend/bindings";
import { draftOf } from "../backend/memory/made";
import { Item } from "./item.svelte";
import { Marking } from "./marking.svelte";

const markup = (x: number): Markup => ({ crop: null, marks: [{ kind: "redact", area: { x, y: 0, width: 9, height: 9 }, color: { red: 0, green: 0, blue: 0 } }] });
const refuse = (): Promise<void> => Promise.reject(new Error("refused"));
const keep = (): Promise<void> => Promise.resolve();

test("marks that were refused hold up their picture, whatever is kept of others", async () => {
  const marking = new Marking();
  await marking.put([{ shot: "one", markup: markup(1) }], refuse);
  await marking.put([{ shot: "other", markup: markup(2) }], keep);
  expect([marking.refusal instanceof Error, marking.isUnsaved("one"), marking.isUnsaved("other")], "a picture must not go without its redaction").toEqual([
    true, true, false,
  ]);
  await marking.put([{ shot: "one", markup: markup(1) }], keep);
  expect([marking.refusal, marking.isUnsaved("one")]).toEqual([null, false]);
});

test("words are saved behind the marks that were drawn before them", async () => {
  const saves: string[] = [];
  const item = new Item({ view: "draft", id: "d" }, (change: Change) => Promise.resolve(saves.push(change.change === "draft_text" ? change.text : "")));
  item.apply({ revision: 1, whole: true, updates: [{ update: "draft", draft: draftOf("d", { text: "" }) }] });
  let end = (): void => undefined;
  void item.marking.put([{ shot: "one", markup: markup(1) }], async () => {
    await new Promise<void>((resolve) => { end = resolve; });
    saves.push("marks");
  });
  item.words.write("typed since");
  const flushed = item.words.flush();
  await new Promise((resolve) => setTimeout(resolve));
  expect(saves).toEqual([]);
  end();
  await flushed;
  expect(saves, "marks carry words, which are older").toEqual(["marks", "typed since"]);
});
