import { expect, test } from "vitest";
import { Layout } from "./layout";

const parts = (...keys: string[]): { key: string; guess: number }[] => keys.map((key) => ({ key, guess: 100 }));

test("parts stand below each other, as high as they are or are taken for", () => {
  const layout = new Layout(10);
  expect(layout.within(0, 500)).toEqual({ from: 0, to: 0 });
  layout.set(parts("a", "b", "c"));
  expect([0, 1, 2, 3].map((place) => layout.top(place))).toEqual([0, 110, 220, 330]);
  expect(layout.measure([["b", 300], ["gone", 5]]), "one is higher than it was taken for").toBe(true);
  expect(layout.measure([["b", 300]]), "it is as it was").toBe(false);
  expect([0, 1, 2, 3].map((place) => layout.top(place))).toEqual([0, 110, 420, 530]);
  expect(layout.height).toBe(530);
});

test("a height finds its part, beyond the ends the first or last", () => {
  const layout = new Layout(10);
  layout.set(parts("a", "b", "c"));
  expect([-50, 0, 109, 110, 219, 220, 9_000].map((y) => layout.at(y))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  expect(layout.within(105, 225)).toEqual({ from: 0, to: 3 });
  expect(layout.within(111, 112)).toEqual({ from: 1, to: 2 });
});

test("what comes before moves all others and keeps their heights", () => {
  const layout = new Layout(0);
  layout.set(parts("c", "d"));
  layout.measure([["c", 40], ["d", 60]]);
  layout.set(parts("a", "b", "c", "d"));
  expect([layout.placeOf("c"), layout.top(2), layout.height]).toEqual([2, 200, 300]);
  layout.set(parts("c"));
  layout.set(parts("c", "d"));
  expect(layout.height, "what went is not remembered").toBe(140);
  layout.forget();
  expect(layout.height, "of another width nothing is known").toBe(200);
  expect([layout.placeOf("a"), layout.keyOf(1), layout.keyOf(2)]).toEqual([-1, "d", undefined]);
});
