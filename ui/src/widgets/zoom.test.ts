import { expect, test } from "vitest";
import { bounded, closer, fitting } from "./zoom";

test("a picture that fits is shown whole, and no larger than it is", () => {
  const room = { width: 800, height: 600 };
  const sizes: [number, number][] = [[1600, 600], [400, 1200], [20, 10]];
  expect(sizes.map(([width, height]) => fitting({ width, height }, room))).toEqual([0.5, 0.5, 1]);
  expect(fitting({ width: 10, height: 10 }, { width: -5, height: 0 }), "a window without room is no negative size").toBe(0.1);
});

test("zooming out ends at the whole picture, and one to one is always within reach", () => {
  expect([bounded(0.6, 0.5, 1), bounded(0.6 / closer / closer, 0.5, 1), bounded(99, 0.5, 1)]).toEqual([0.6, null, 16]);
  expect(bounded(0.5, 1, 0.5), "a small picture on a dense screen").toBe(0.5);
  expect([bounded(0.5, 1, 1), bounded(1, 1, 1)], "what fits at its own size has one size to return to").toEqual([null, null]);
});
