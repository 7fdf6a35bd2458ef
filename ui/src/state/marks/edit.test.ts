import { expect, test } from "vitest";
import type { Mark, Point } from "../../backend/bindings";
import { edgesOf, handlesOf, hitAt, isHit, moved, resized, restacked, snapped, snapsOf, square, straight } from "./edit";
import { cropOf, frameOf, isWhole, type Measure } from "./geometry";
import { History } from "./history";
import { stepped } from "./keyed";
import { stretched, tools, toolKeys } from "./tools";
import { fitted, onPicture, onStage, panned, zoomed } from "./view";

const color = { red: 1, green: 2, blue: 3 };
const measure: Measure = (text) => ({ width: text.length * 0.5, height: 1 });
const point = (x: number, y: number): Point => ({ x, y });
const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const rounded = ({ x, y }: Point): number[] => [x, y].map((part) => Math.round(part * 1e6) / 1e6 + 0);

const one: Record<Mark["kind"], Mark> = {
  arrow: { kind: "arrow", from: point(10, 10), to: point(110, 10), color, width: 4 },
  line: { kind: "line", from: point(10, 10), to: point(110, 10), color, width: 4 },
  box: { kind: "box", area: area(110, 60, -100, -50), color, width: 4 },
  ellipse: { kind: "ellipse", area: area(10, 10, 100, 50), color, width: 4 },
  freehand: { kind: "freehand", points: [point(10, 10), point(60, 60), point(110, 10)], color, width: 4 },
  highlighter: { kind: "highlighter", points: [point(10, 10), point(110, 10)], color, width: 20 },
  text: { kind: "text", at: point(10, 10), text: "Hello", size: 20, color },
  pin: { kind: "pin", at: point(60, 35), number: 1, size: 40, color },
  redact: { kind: "redact", area: area(10, 10, 100, 50), color },
};

test.each<[Mark["kind"], [number, number], [number, number]]>([
  ["arrow", [60, 15], [60, 20]],
  ["line", [60, 15], [60, 20]],
  ["box", [10, 30], [60, 35]],
  ["ellipse", [60, 10], [60, 35]],
  ["freehand", [35, 35], [60, 35]],
  ["highlighter", [60, 20], [60, 30]],
  ["text", [30, 20], [80, 20]],
  ["pin", [60, 50], [60, 62]],
  ["redact", [60, 35], [120, 35]],
])("%s is hit where it draws, and not in its hole or beside it", (kind, on, off) => {
  expect([isHit(one[kind], point(...on), 4, measure), isHit(one[kind], point(...off), 4, measure)]).toEqual([true, false]);
});

test("of marks over each other the highest is hit", () => {
  expect(hitAt([one.redact, one.pin, one.line], point(60, 35), 2, measure)).toBe(1);
});

test.each(Object.keys(one) as Mark["kind"][])("%s moves as a whole, and back to what it was", (kind) => {
  const there = moved(one[kind], point(7, -3));
  const { x, y, width, height } = frameOf(one[kind], measure);
  expect(frameOf(there, measure)).toEqual(area(x + 7, y - 3, width, height));
  expect(moved(there, point(-7, 3))).toEqual(one[kind]);
});

test.each(Object.keys(one) as Mark["kind"][])("%s has handles where it is, and pulling one to where it is changes nothing seen", (kind) => {
  for (const { handle, at } of handlesOf(one[kind], measure)) {
    expect(frameOf(resized(one[kind], handle, at, false, measure), measure)).toEqual(frameOf(one[kind], measure));
  }
});

test("corners pull both sides, sides one, and Shift keeps the proportion", () => {
  const box = (mark: Mark) => (mark.kind === "box" ? mark.area : null);
  expect(box(resized(one.box, "se", point(210, 85), false, measure))).toEqual(area(10, 10, 200, 75));
  expect(box(resized(one.box, "e", point(60, 999), false, measure))).toEqual(area(10, 10, 50, 50));
  expect(box(resized(one.box, "se", point(210, 20), true, measure))).toEqual(area(10, 10, 200, 100));
  expect(box(resized(one.box, "nw", point(130, 80), false, measure)), "over the other side").toEqual(area(130, 80, -20, -20));
});

test("words grow with the corner across staying where it is, and a pen stroke is stretched", () => {
  expect(resized(one.text, "nw", point(-40, -10), false, measure)).toEqual({ ...one.text, at: point(-40, -10), size: 40 });
  expect(resized(one.freehand, "se", point(210, 110), false, measure)).toEqual({
    ...one.freehand,
    points: [point(10, 10), point(110, 110), point(210, 10)],
  });
});

test("Shift holds lines to eighths of a turn, and boxes to squares", () => {
  expect([rounded(straight(point(0, 0), point(10, 1))), rounded(straight(point(0, 0), point(9, 10))), rounded(straight(point(0, 0), point(-1, -10)))]).toEqual([
    [Math.round(Math.hypot(10, 1) * 1e6) / 1e6, 0],
    [Math.round(Math.hypot(9, 10) * Math.SQRT1_2 * 1e6) / 1e6, Math.round(Math.hypot(9, 10) * Math.SQRT1_2 * 1e6) / 1e6],
    [0, Math.round(-Math.hypot(1, 10) * 1e6) / 1e6],
  ]);
  expect([square(point(5, 5), point(25, 10)), square(point(5, 5), point(0, 25))]).toEqual([point(25, 25), point(-15, 25)]);
  expect(stretched("redact", point(5, 5), point(25, 10), true, { color, width: 3 })).toEqual({
    kind: "redact",
    area: area(5, 5, 20, 20),
    color: { red: 0, green: 0, blue: 0 },
  });
});

test("marks go a place up and down, and no farther", () => {
  const marks = [one.box, one.pin, one.text];
  expect([restacked(marks, 0, 1), restacked(marks, 0, -1).index, restacked(marks, 2, 1).index]).toEqual([
    { marks: [one.pin, one.box, one.text], index: 1 }, 0, 2,
  ]);
});

test("what is moved snaps to the nearest edge or middle of the picture and of other marks, and not to itself", () => {
  const picture = area(0, 0, 400, 300);
  const edges = edgesOf([one.redact, one.pin], 1, picture, measure);
  expect(edges).toEqual({ x: [0, 200, 400, 10, 60, 110], y: [0, 150, 300, 10, 35, 60] });
  expect(snapped(snapsOf(area(113, 148, 20, 20)), edges, 6)).toEqual({
    by: point(-3, 2),
    guides: [{ upright: true, at: 110 }, { upright: false, at: 150 }],
  });
  expect(snapped(snapsOf(area(220, 200, 20, 20)), edges, 6)).toEqual({ by: point(0, 0), guides: [] });
});

test("a crop lies on the picture in whole pixels, and one of nothing is none", () => {
  expect(cropOf(area(-10.2, 5.6, 50.4, 400), 100, 80)).toEqual(area(0, 6, 40, 74));
  expect([cropOf(area(200, 0, 10, 10), 100, 80), cropOf(area(5, 5, 0.2, 9), 100, 80)]).toEqual([null, null]);
  expect([isWhole(area(0, 0, 100, 80), 100, 80), isWhole(area(0, 0, 99, 80), 100, 80)]).toEqual([true, false]);
});

test("steps are undone and done again without an end, and a new one ends what could be done again", () => {
  const history = new History(0, (one_, other) => one_ === other);
  for (let step = 1; step <= 2_000; step += 1) history.push(step);
  history.push(2_000);
  for (let step = 1_999; step >= 0; step -= 1) expect(history.undo()).toBe(step);
  expect([history.undo(), history.canUndo, history.changed]).toEqual([0, false, false]);
  expect([history.redo(), history.redo(), history.canRedo]).toEqual([1, 2, true]);
  history.push(7);
  expect([history.canRedo, history.redo(), history.undo()]).toEqual([false, 7, 2]);
});

test("zooming keeps what is under the pointer there, and a picture can't be lost", () => {
  const room = { width: 1_000, height: 700 };
  const sight = fitted(area(0, 0, 4_000, 2_000), room, 1);
  expect([sight.scale, onStage(sight, point(2_000, 1_000))]).toEqual([0.236, point(500, 350)]);
  const at = point(300, 200);
  const near = onPicture(sight, at);
  const closer = zoomed(sight, 3, at);
  expect(rounded(onStage(closer, near))).toEqual([300, 200]);
  const far = panned(sight, point(99_999, -99_999), area(0, 0, 4_000, 2_000), room);
  expect([far.x, far.y], "80 pixels of it stay").toEqual([920, 80 - 2_000 * sight.scale]);
});

test("a small picture is not blurred by the window's size, and a very small one is shown larger", () => {
  const room = { width: 1_000, height: 700 };
  expect([fitted(area(0, 0, 600, 400), room, 1).scale, fitted(area(0, 0, 20, 20), room, 1).scale, fitted(area(0, 0, 1, 1), room, 1).scale]).toEqual([1, 16, 64]);
});

test("every tool has a key of its own", () => {
  expect(new Set(tools.map((tool) => toolKeys[tool])).size).toBe(tools.length);
});

test("a key pulls the end of a line or a corner, never through the other side; words and pins grow as a whole", () => {
  const by = (mark: Mark, x: number, y: number): Mark => stepped(mark, { x, y }, measure);
  expect(by(one.arrow, 10, -10)).toEqual({ ...one.arrow, to: point(120, 0) });
  expect(by(one.redact, -1, 10)).toEqual({ ...one.redact, area: area(10, 10, 99, 60) });
  expect(by(one.redact, -500, 0), "a pixel stays").toEqual({ ...one.redact, area: area(10, 10, 1, 50) });
  expect(by(one.highlighter, 10, 0), "what is flat stays flat").toEqual({ ...one.highlighter, points: [point(10, 10), point(120, 10)] });
  expect([by(one.pin, -10, 0), by(one.pin, 0, 10)]).toEqual([{ ...one.pin, size: 20 }, { ...one.pin, size: 60 }]);
  const smaller = by(one.text, -10, 0);
  expect(smaller.kind === "text" && smaller.size < 20).toBe(true);
});
