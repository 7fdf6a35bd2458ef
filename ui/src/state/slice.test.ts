import { expect, test } from "vitest";
import { fit, found } from "./fuzzy";
import { offsetsOf, sliceOf } from "./slice";

test("every line in sight is drawn, for every place of the scroll", () => {
  const heights = Array.from({ length: 10_000 }, (_, index) => (index % 40 === 0 ? 37 : 61));
  const offsets = offsetsOf(heights);
  const whole = offsets.at(-1) ?? 0;
  for (let top = 0; top < whole; top += 997) {
    const { from, to } = sliceOf(offsets, top, 640, 2);
    const first = heights.findIndex((_, index) => (offsets[index + 1] ?? 0) > top);
    const after = heights.findIndex((_, index) => (offsets[index] ?? 0) >= top + 640);
    expect(from).toBeLessThanOrEqual(first);
    expect(to).toBeGreaterThanOrEqual(after < 0 ? heights.length : after);
    // 640 pixels hold at most 18 lines, with two spare at each end and one cut at each edge.
    expect(to - from).toBeLessThanOrEqual(24);
  }
});

test("an empty list draws nothing", () => {
  expect(sliceOf(offsetsOf([]), 100, 640, 4)).toEqual({ from: 0, to: 0 });
});

test("letters in order find a name, and the better fit stands first", () => {
  const names = ["studio/shop-widgets", "maria/shop-website", "Docs", "Shop"];
  expect(found(names, "shop", (name) => name)).toEqual(["Shop", "maria/shop-website", "studio/shop-widgets"]);
  expect(found(names, "mshweb", (name) => name)).toEqual(["maria/shop-website"]);
  expect(found(names, "  ", (name) => name)).toEqual(names);
  expect(fit("Docs", "sd")).toBeNull();
});
