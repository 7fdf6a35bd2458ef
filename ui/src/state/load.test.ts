import { expect, test } from "vitest";
import type { Shot } from "../backend/bindings";
import { page } from "../text/page";
import { loadOf } from "./load";

function shot(width: number, height: number, bytes: number, over: Partial<Shot> = {}): Shot {
  return {
    id: "shot-1", hash: "a", mime: "image/png", width, height, bytes, notes: [], original: null,
    markup: { crop: null, marks: [] }, drawing: false, ...over,
  };
}

const original = { hash: "b", mime: "image/png", width: 3_840, height: 2_160, bytes: 3_400_000, notes: [] };
const scaled = (lossy: boolean): Shot["notes"] => [{ note: "fitted", fromBytes: 3_400_000, toBytes: 900_000, lossy, scaled: true }];
const line = (...shots: Shot[]): string => page.compose.load(loadOf(shots));

test("what goes is said in pictures, pixels and bytes, and what it was only where it was another", () => {
  expect([
    line(shot(1_280, 800, 320_000)),
    line(shot(1_280, 800, 300_000, { original: { ...original, width: 1_280, height: 800, bytes: 320_000 } })),
    line(shot(1_920, 1_080, 900_000, { original, notes: scaled(false) })),
    line(shot(1_024, 576, 200_000, { original, notes: scaled(true) })),
    line(shot(1_280, 800, 320_000), shot(1_920, 1_080, 900_000, { original, notes: scaled(false) })),
  ]).toEqual([
    "1 picture, 1280 × 800, 320 KB",
    "1 picture, 1280 × 800, 300 KB, was 320 KB",
    "1 picture, 1920 × 1080, 900 KB, was 3840 × 2160, 3.4 MB",
    "1 picture, 1024 × 576, 200 KB, was 3840 × 2160, 3.4 MB, some detail lost",
    "2 pictures, 3.1 megapixels, 1.2 MB, was 9.3 megapixels, 3.7 MB",
  ]);
});
