import { expect, test, vi } from "vitest";
import type { Mark, Point } from "../../backend/bindings";
import { outlineOf, pathOf } from "./outline";
import { pieceLength, type Stroke, StrokePieces } from "./stroke";

vi.mock("./outline", { spy: true });

const points: Point[] = Array.from({ length: 5 * pieceLength + 7 }, (_, at) => ({ x: at, y: (at * at) % 97 }));
const stroke = (length: number, from = points): Stroke => ({ kind: "freehand", points: from.slice(0, length), color: { red: 0, green: 0, blue: 0 }, width: 4 });
const capsules = (path: string): string[] => path.split("Z").filter((one) => one !== "");

test("the pieces are the stroke, however far it is drawn", () => {
  const pieces = new StrokePieces();
  for (const length of [1, 2, pieceLength, pieceLength + 1, pieceLength + 2, points.length]) {
    const drawn = pieces.of(stroke(length)).flatMap(capsules);
    const whole = capsules(pathOf(outlineOf(stroke(length))));
    // The first point of a piece that has no other yet is a dot on the end of the one before.
    const more = length > 1 && (length - 1) % pieceLength === 0 ? 1 : 0;
    expect(drawn.slice(0, drawn.length - more), length.toString()).toEqual(whole);
  }
});

test("a frame builds only the piece that grows", () => {
  const pieces = new StrokePieces();
  const before = pieces.of(stroke(points.length - 1));
  const built = vi.mocked(outlineOf);
  built.mockClear();
  expect(pieces.of(stroke(points.length)).slice(0, -1)).toEqual(before.slice(0, -1));
  const lengths = built.mock.calls.map(([mark]: [Mark]) => (mark.kind === "freehand" ? mark.points.length : 0));
  expect(lengths, "a long stroke costs a frame no more than a short one").toEqual([7]);
});

test("a stroke that was made straight, and another one, begin anew", () => {
  const pieces = new StrokePieces();
  pieces.of(stroke(points.length));
  const [first = { x: 0, y: 0 }] = points;
  const straight = stroke(2, [first, { x: 900, y: 0 }]);
  expect(pieces.of(straight)).toEqual([pathOf(outlineOf(straight))]);
  const other = stroke(points.length, points.map(({ x, y }) => ({ x, y: y + 1 })));
  expect(pieces.of(other)).toEqual(new StrokePieces().of(other));
});
