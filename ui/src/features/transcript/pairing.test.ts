import { expect, test } from "vitest";
import { likeliest, unlikeness } from "./pairing";
import { nameOf } from "./pictures";

const size = (width: number, height: number): { width: number; height: number } => ({ width, height });

test.each([
  { yours: [size(1200, 800)], theirs: [size(400, 900), size(1200, 800)], pair: [0, 1] },
  { yours: [size(390, 844), size(1440, 900)], theirs: [size(2880, 1800)], pair: [1, 0] },
  { yours: [size(100, 100)], theirs: [size(100, 100), size(100, 100)], pair: [0, 1] },
  { yours: [size(100, 100), size(100, 100)], theirs: [size(100, 100)], pair: [0, 0] },
  { yours: [], theirs: [size(1, 1)], pair: [0, 0] },
])("the most alike are beside each other: %o", ({ yours, theirs, pair }) => {
  expect(likeliest(yours, theirs)).toEqual(pair);
});

test("proportions count more than size, and it is the same both ways", () => {
  const wide = size(1600, 900);
  expect(unlikeness(wide, size(3200, 1800))).toBeLessThan(unlikeness(wide, size(1600, 1200)));
  expect(unlikeness(wide, size(900, 1600))).toBeCloseTo(unlikeness(size(900, 1600), wide));
  expect(unlikeness(wide, wide)).toBe(0);
});

test("a file's name never shows an ending that it does not have", () => {
  expect([nameOf("left/photo\u202egpj.exe"), nameOf("page.png"), nameOf("a\u200db\u0007.log")]).toEqual(["photo\ufffdgpj.exe", "page.png", "a\ufffdb\ufffd.log"]);
});
