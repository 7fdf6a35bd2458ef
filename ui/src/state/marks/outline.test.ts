// The page draws the outlines that the core draws: held against a table by hand, and against the core's own.

import { expect, test } from "vitest";
import type { Mark, PathStep, TextShape } from "../../backend/bindings";
import { inkOn, labelPlace, outlineOf, pathOf } from "./outline";

const color = { red: 207, green: 42, blue: 48 };
const k = 0.5522847498307936;

const drawn = (mark: Mark): string => pathOf(outlineOf(mark));
const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

test.each<[string, Mark, string]>([
  [
    "a line is a capsule",
    { kind: "line", from: { x: 10, y: 20 }, to: { x: 30, y: 20 }, color, width: 4 },
    `M10 22L30 22C${30 + 2 * k} 22 32 ${20 + 2 * k} 32 20C32 ${20 - 2 * k} ${30 + 2 * k} 18 30 18L10 18C${10 - 2 * k} 18 8 ${20 - 2 * k} 8 20C8 ${20 + 2 * k} ${10 - 2 * k} 22 10 22Z`,
  ],
  [
    "a long arrow has a head of four and a half widths",
    { kind: "arrow", from: { x: 0, y: 0 }, to: { x: 100, y: 0 }, color, width: 4 },
    `M0 2L82 2L82 9L100 0L82 -9L82 -2L0 -2C${-2 * k} -2 -2 ${-2 * k} -2 0C-2 ${2 * k} ${-2 * k} 2 0 2Z`,
  ],
  ["an arrow without length is nothing", { kind: "arrow", from: { x: 5, y: 5 }, to: { x: 5, y: 5 }, color, width: 4 }, ""],
  ["a stroke without width is nothing", { kind: "line", from: { x: 5, y: 5 }, to: { x: 9, y: 5 }, color, width: 0 }, ""],
  [
    "a box has round corners outside and sharp ones inside, whichever way it was pulled",
    { kind: "box", area: area(30, 20, -20, -10), color, width: 2 },
    `M10 21L30 21C${30 + k} 21 31 ${20 + k} 31 20L31 10C31 ${10 - k} ${30 + k} 9 30 9L10 9C${10 - k} 9 9 ${10 - k} 9 10L9 20C9 ${20 + k} ${10 - k} 21 10 21ZM11 19L11 11L29 11L29 19Z`,
  ],
  [
    "a box too small for a hole has none",
    { kind: "box", area: area(10, 10, 2, 2), color, width: 4 },
    `M10 14L12 14C${12 + 2 * k} 14 14 ${12 + 2 * k} 14 12L14 10C14 ${10 - 2 * k} ${12 + 2 * k} 8 12 8L10 8C${10 - 2 * k} 8 8 ${10 - 2 * k} 8 10L8 12C8 ${12 + 2 * k} ${10 - 2 * k} 14 10 14Z`,
  ],
  ["a redaction covers every pixel it touches", { kind: "redact", area: area(10.2, 20.9, 5.1, 0.2), color }, "M10 22L16 22L16 20L10 20Z"],
  ["a redaction on whole pixels stays there", { kind: "redact", area: area(10, 20, 5, 1), color }, "M10 21L15 21L15 20L10 20Z"],
  ["a redaction that touches no pixel is nothing", { kind: "redact", area: area(10, 20, 0, 5), color }, ""],
  ["words are shaped elsewhere", { kind: "text", at: { x: 1, y: 2 }, text: "Hi", size: 12, color }, ""],
])("%s", (_, mark, path) => {
  expect(drawn(mark)).toBe(path);
});

test("an ellipse is two rings of four quarters each, and one where the hole closes", () => {
  const ends = (mark: Mark): unknown[] => outlineOf(mark).map((step) => (step.kind === "close" ? "close" : [step.to.x, step.to.y]));
  expect(ends({ kind: "ellipse", area: area(0, 0, 40, 20), color, width: 2 })).toEqual([
    [20, 21], [41, 10], [20, -1], [-1, 10], [20, 21], "close",
    [20, 19], [1, 10], [20, 1], [39, 10], [20, 19], "close",
  ]);
  expect(ends({ kind: "ellipse", area: area(0, 0, 40, 2), color, width: 2 })).toHaveLength(6);
});

test("a pen stroke is a capsule for each two points that differ, and a dot where none do", () => {
  const pieces = (...points: [number, number][]) =>
    outlineOf({ kind: "freehand", points: points.map(([x, y]) => ({ x, y })), color, width: 2 }).filter(({ kind }) => kind === "move").length;
  expect([pieces([1, 1], [2, 2], [2, 2], [3, 1]), pieces([1, 1], [1, 1]), pieces([1, 1]), pieces()]).toEqual([2, 1, 1, 0]);
});

test("a pin's number is in the middle of its disc, smaller when it is long, and can be read", () => {
  const shape: TextShape = {
    outline: [{ kind: "move", to: { x: 0.1, y: 0.2 } }, { kind: "line", to: { x: 0.5, y: 1 } }, { kind: "close" }],
    emoji: [],
    width: 0.6,
    height: 1.2,
  };
  const pin = (number: number) => ({ kind: "pin" as const, at: { x: 100, y: 50 }, number, size: 40, color });
  const round = ({ x, y, scale }: ReturnType<typeof labelPlace>) => [x, y, scale].map((part) => Math.round(part * 1e6) / 1e6);
  expect(round(labelPlace(pin(12), shape))).toEqual([92.8, 35.6, 24]);
  expect(round(labelPlace(pin(123), shape))).toEqual([94.6, 39.2, 18]);
  expect([inkOn(color), inkOn({ red: 255, green: 196, blue: 0 })]).toEqual([{ red: 255, green: 255, blue: 255 }, { red: 27, green: 27, blue: 31 }]);
});

const fixtures = import.meta.glob<string>("../../../../tests/fixtures/outlines.json", { query: "?raw", import: "default", eager: true });
const cases = Object.values(fixtures).flatMap((text) => JSON.parse(text) as { mark: Mark; steps: PathStep[] }[]);

/** All numbers of some steps, in order. */
const numbersOf = (steps: readonly PathStep[]): number[] =>
  steps.flatMap((step) => (step.kind === "close" ? [] : step.kind === "cubic" ? [step.first, step.second, step.to] : [step.to]).flatMap(({ x, y }) => [x, y]));

test("every outline is the one that the core draws", () => {
  expect(cases.length, "the core's own are there").toBeGreaterThan(0);
  for (const { mark, steps } of cases) {
    const own = outlineOf(mark);
    expect(own.map(({ kind }) => kind), JSON.stringify(mark)).toEqual(steps.map(({ kind }) => kind));
    const numbers = numbersOf(steps);
    const apart = numbersOf(own).map((number, at) => Math.abs(number - (numbers[at] ?? NaN)));
    expect(Math.max(0, ...apart), `${JSON.stringify(mark)}: both round alike, to a part in a billion`).toBeLessThan(1e-6);
  }
});
