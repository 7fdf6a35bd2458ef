// Gestures without a window: a desk of which they ask little.

import { expect, test } from "vitest";
import type { Mark, Point } from "../../backend/bindings";
import type { Desk } from "../../state/desk.svelte";
import { mostPoints } from "../../state/marks/stroke";
import { Gestures } from "./gestures.svelte";

const color = { red: 0, green: 0, blue: 0 };
const stroke = (points: number): Mark => ({ kind: "freehand", points: Array.from({ length: points }, (): Point => ({ x: 0, y: 0 })), color, width: 1 });

test("a stroke ends where the picture has as many points as can be sent", () => {
  const added: Mark[] = [];
  const desk = {
    tool: "pen", marks: [stroke(mostPoints - 3)], selected: null, live: null, writing: null, speaking: null, cropping: null, upset: 0, forgetting: false,
    kept: { x: 0, y: 0, width: 900, height: 900 }, color, sizes: { stroke: 2, highlight: 9, text: 9, pin: 9 },
    add: (mark: Mark) => { added.push(mark); },
  };
  const gestures = new Gestures(desk as unknown as Desk, () => ({ width: 1, height: 1 }), () => 1);
  const held = { even: false, free: false };
  gestures.press({ x: 10, y: 10 }, false, held);
  for (const x of [20, 30, 40, 50]) gestures.pull([{ x, y: 10 }], held);
  gestures.release();
  expect(added.map((mark) => (mark.kind === "freehand" ? mark.points.map(({ x }) => x) : []))).toEqual([[10, 20, 30]]);
});

const core = Object.values(import.meta.glob<string>("../../../../src-tauri/crates/shots/src/mark.rs", { query: "?raw", import: "default", eager: true })).join("");

test("that is as many as the core takes", () => {
  expect(Number(/MOST_POINTS: usize = ([\d_]+);/.exec(core)?.[1]?.replaceAll("_", ""))).toBe(mostPoints);
});
