// Places and rectangles on a picture, in its pixels. Pure.

import type { Mark, Point, Rect } from "../../backend/bindings";

/** How large words are at a font size of 1; what is not shaped yet is guessed. */
export type Measure = (text: string) => { width: number; height: number };

/** Height of a line of words, in sizes of the font. */
export const lineHeight = 1.25;
/** Weight of the font that words are drawn in. */
export const weight = 500;

/** Left, top, right and bottom. */
export function sidesOf({ x, y, width, height }: Rect): [number, number, number, number] {
  return [Math.min(x, x + width), Math.min(y, y + height), Math.max(x, x + width), Math.max(y, y + height)];
}

/** A rectangle from two corners across, neither side negative. */
export const between = (one: Point, other: Point): Rect => ({
  x: Math.min(one.x, other.x),
  y: Math.min(one.y, other.y),
  width: Math.abs(other.x - one.x),
  height: Math.abs(other.y - one.y),
});

/** The same rectangle with no negative side. */
export function upright(area: Rect): Rect {
  const [x, y, right, bottom] = sidesOf(area);
  return { x, y, width: right - x, height: bottom - y };
}

/** A rectangle grown by as much on each side. */
export const grown = ({ x, y, width, height }: Rect, by: number): Rect => ({ x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by });

/** The least rectangle around some places. */
export function around(points: readonly Point[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return points.length === 0 ? { x: 0, y: 0, width: 0, height: 0 } : { x: left, y: top, width: right - left, height: bottom - top };
}

/** The rectangle a mark is pulled by: the middle of its stroke, not its edge. */
export function frameOf(mark: Mark, measure: Measure): Rect {
  switch (mark.kind) {
    case "arrow":
    case "line":
      return between(mark.from, mark.to);
    case "box":
    case "ellipse":
    case "redact":
      return upright(mark.area);
    case "freehand":
    case "highlighter":
      return around(mark.points);
    case "text": {
      const { width, height } = measure(mark.text);
      return { x: mark.at.x, y: mark.at.y, width: width * mark.size, height: height * mark.size };
    }
    case "pin":
      return { x: mark.at.x - mark.size / 2, y: mark.at.y - mark.size / 2, width: mark.size, height: mark.size };
  }
}

/** Whether two rectangles with no negative side have a place in common. */
export const meets = (one: Rect, other: Rect): boolean =>
  one.x <= other.x + other.width && other.x <= one.x + one.width && one.y <= other.y + other.height && other.y <= one.y + one.height;

/** The part of a rectangle that lies on a picture, in whole pixels; null where that is nothing. */
export function cropOf(area: Rect, width: number, height: number): Rect | null {
  const [left, top, right, bottom] = sidesOf(area);
  const clamp = (number: number, most: number): number => Math.min(most, Math.max(0, Math.round(number)));
  const x = clamp(left, width);
  const y = clamp(top, height);
  const crop = { x, y, width: clamp(right, width) - x, height: clamp(bottom, height) - y };
  return crop.width < 1 || crop.height < 1 ? null : crop;
}

/** Whether a crop leaves the whole picture. */
export const isWhole = (crop: Rect, width: number, height: number): boolean =>
  crop.x <= 0 && crop.y <= 0 && crop.x + crop.width >= width && crop.y + crop.height >= height;
