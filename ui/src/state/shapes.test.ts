// Words as outlines: asked for once, and kept as long as any of a picture can be shown.

import { expect, test } from "vitest";
import type { TextShape } from "../backend/bindings";
import { lineHeight, weight } from "./marks/geometry";
import { most, Shapes } from "./shapes.svelte";

const shape: TextShape = { outline: [], emoji: [], width: 1, height: 1 };

test("as many words as a picture can have are asked for once, and then the oldest go", async () => {
  let asked = 0;
  const shapes = new Shapes(() => {
    asked += 1;
    return Promise.resolve(shape);
  });
  const all = Array.from({ length: 10_000 }, (_, index) => index.toString());
  for (let look = 0; look < 3; look += 1) {
    for (const text of all) shapes.get(text, false);
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect([asked, most], "what is shown is never dropped, or it would be asked for again without an end").toEqual([10_000, 10_000]);
  shapes.get("one more", false);
  await new Promise((resolve) => setTimeout(resolve));
  shapes.get("1", false);
  expect(asked, "the others are still there").toBe(10_001);
  shapes.get("0", false);
  expect(asked).toBe(10_002);
});

test("words that are not shaped yet are guessed in lines as high as the core's", () => {
  const shapes = new Shapes(() => new Promise(() => undefined));
  expect(shapes.measure("two\nlines").height).toBe(2.5);
});

const core = Object.values(import.meta.glob<string>("../../../src-tauri/crates/shots/src/text.rs", { query: "?raw", import: "default", eager: true })).join("");

test("lines are as high and letters as heavy as the core draws them", () => {
  expect([/const LINE: f64 = ([\d.]+);/.exec(core)?.[1], /in Inter \(weight (\d+),/.exec(core)?.[1]]).toEqual([lineHeight.toString(), weight.toString()]);
});
