// What can be done with a mark: hit, moved, resized, restacked, held straight, and snapped to what is near. Pure.

import type { Mark, Point, Rect } from "../../backend/bindings";
import { frameOf, grown, type Measure, sidesOf } from "./geometry";

/** A place by which a mark is resized: an end of a line, or a side or corner of its frame as a compass names it. */
export type Handle = "from" | "to" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw";

const corners: Handle[] = ["nw", "ne", "se", "sw"];
const sides: Handle[] = ["n", "e", "s", "w"];

function distance(point: Point, from: Point, to: Point): number {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = x * x + y * y;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - from.x) * x + (point.y - from.y) * y) / length));
  return Math.hypot(point.x - from.x - share * x, point.y - from.y - share * y);
}

const inside = ({ x, y }: Point, area: Rect): boolean => {
  const [left, top, right, bottom] = sidesOf(area);
  return x >= left && x <= right && y >= top && y <= bottom;
};

/** Whether a place is on a mark, or not farther from it than `reach`. */
export function isHit(mark: Mark, point: Point, reach: number, measure: Measure): boolean {
  switch (mark.kind) {
    case "arrow": {
      const long = Math.hypot(mark.to.x - mark.from.x, mark.to.y - mark.from.y);
      const head = Math.min(4.5 * mark.width, 0.75 * long);
      const onHead = Math.hypot(point.x - mark.to.x, point.y - mark.to.y) <= head * 0.6;
      return onHead || distance(point, mark.from, mark.to) <= mark.width / 2 + reach;
    }
    case "line":
      return distance(point, mark.from, mark.to) <= mark.width / 2 + reach;
    case "freehand":
    case "highlighter": {
      const far = mark.width / 2 + reach;
      return mark.points.some((to, index) => distance(point, mark.points[index - 1] ?? to, to) <= far);
    }
    case "box": {
      const by = mark.width / 2 + reach;
      const hole = grown(frameOf(mark, measure), -by);
      return inside(point, grown(frameOf(mark, measure), by)) && (hole.width <= 0 || hole.height <= 0 || !inside(point, hole));
    }
    case "ellipse": {
      const frame = frameOf(mark, measure);
      const by = mark.width / 2 + reach;
      const away = (radiusX: number, radiusY: number): number =>
        radiusX <= 0 || radiusY <= 0
          ? Infinity
          : ((point.x - frame.x - frame.width / 2) / radiusX) ** 2 + ((point.y - frame.y - frame.height / 2) / radiusY) ** 2;
      return away(frame.width / 2 + by, frame.height / 2 + by) <= 1 && away(frame.width / 2 - by, frame.height / 2 - by) >= 1;
    }
    case "pin":
      return Math.hypot(point.x - mark.at.x, point.y - mark.at.y) <= mark.size / 2 + reach / 2;
    case "text":
    case "redact":
      return inside(point, grown(frameOf(mark, measure), reach / 2));
  }
}

/** The place of the highest mark at a place; -1 where there is none. */
export const hitAt = (marks: readonly Mark[], point: Point, reach: number, measure: Measure): number =>
  marks.findLastIndex((mark) => isHit(mark, point, reach, measure));

const shifted = ({ x, y }: Point, by: Point): Point => ({ x: x + by.x, y: y + by.y });

/** A mark somewhere else. */
export function moved(mark: Mark, by: Point): Mark {
  switch (mark.kind) {
    case "arrow":
    case "line":
      return { ...mark, from: shifted(mark.from, by), to: shifted(mark.to, by) };
    case "box":
    case "ellipse":
    case "redact":
      return { ...mark, area: { ...mark.area, ...shifted(mark.area, by) } };
    case "freehand":
    case "highlighter":
      return { ...mark, points: mark.points.map((point) => shifted(point, by)) };
    case "text":
    case "pin":
      return { ...mark, at: shifted(mark.at, by) };
  }
}

/** Where the handles of a frame are. */
export function placeOn(frame: Rect, handle: Handle): Point {
  const [left, top, right, bottom] = sidesOf(frame);
  return {
    x: handle.includes("w") ? left : handle.includes("e") ? right : (left + right) / 2,
    y: handle.includes("n") ? top : handle.includes("s") ? bottom : (top + bottom) / 2,
  };
}

/** The handles of a mark, and where they are. */
export function handlesOf(mark: Mark, measure: Measure): { handle: Handle; at: Point }[] {
  if (mark.kind === "arrow" || mark.kind === "line") return [{ handle: "from", at: mark.from }, { handle: "to", at: mark.to }];
  const frame = frameOf(mark, measure);
  const handles = mark.kind === "text" || mark.kind === "pin" ? corners : [...corners, ...sides];
  return handles.map((handle) => ({ handle, at: placeOn(frame, handle) }));
}

/** A frame with a side or corner pulled to a place. With `even` its sides keep their proportion. */
export function pulled(frame: Rect, handle: Handle, to: Point, even: boolean): Rect {
  let [left, top, right, bottom] = sidesOf(frame);
  const { width, height } = frame;
  if (handle.includes("w")) left = to.x;
  if (handle.includes("e")) right = to.x;
  if (handle.includes("n")) top = to.y;
  if (handle.includes("s")) bottom = to.y;
  if (even && handle.length === 2 && width > 0 && height > 0) {
    const scale = Math.max(Math.abs(right - left) / width, Math.abs(bottom - top) / height);
    if (handle.includes("w")) left = right - Math.sign(right - left || 1) * width * scale;
    else right = left + Math.sign(right - left || 1) * width * scale;
    if (handle.includes("n")) top = bottom - Math.sign(bottom - top || 1) * height * scale;
    else bottom = top + Math.sign(bottom - top || 1) * height * scale;
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The least that words and pins get. */
const least = 4;

/** A mark with one of its handles pulled to a place; held straight or even by Shift. */
export function resized(mark: Mark, handle: Handle, to: Point, even: boolean, measure: Measure): Mark {
  switch (mark.kind) {
    case "arrow":
    case "line": {
      const still = handle === "from" ? mark.to : mark.from;
      const end = even ? straight(still, to) : to;
      return handle === "from" ? { ...mark, from: end } : { ...mark, to: end };
    }
    case "box":
    case "ellipse":
    case "redact":
      return { ...mark, area: pulled(frameOf(mark, measure), handle, to, even) };
    case "freehand":
    case "highlighter": {
      const frame = frameOf(mark, measure);
      const into = pulled(frame, handle, to, even);
      const across = (x: number): number => (frame.width === 0 ? into.x : into.x + ((x - frame.x) / frame.width) * into.width);
      const along = (y: number): number => (frame.height === 0 ? into.y : into.y + ((y - frame.y) / frame.height) * into.height);
      return { ...mark, points: mark.points.map(({ x, y }) => ({ x: across(x), y: along(y) })) };
    }
    case "text": {
      const frame = frameOf(mark, measure);
      const still = placeOn(frame, opposite(handle));
      const scale = Math.max(Math.abs(to.x - still.x) / Math.max(frame.width, 1), Math.abs(to.y - still.y) / Math.max(frame.height, 1));
      const size = Math.max(least, mark.size * scale);
      const grownBy = size / mark.size;
      return {
        ...mark,
        size,
        at: {
          x: handle.includes("w") ? still.x - frame.width * grownBy : still.x,
          y: handle.includes("n") ? still.y - frame.height * grownBy : still.y,
        },
      };
    }
    case "pin":
      return { ...mark, size: Math.max(least, 2 * Math.max(Math.abs(to.x - mark.at.x), Math.abs(to.y - mark.at.y))) };
  }
}

const across: Record<string, string> = { n: "s", s: "n", e: "w", w: "e" };
const opposite = (handle: Handle): Handle => [...handle].map((side) => across[side] ?? side).join("") as Handle;

/** An end that makes a multiple of 45° of a line. */
export function straight(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const eighth = Math.PI / 4;
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / eighth) * eighth;
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}

/** A corner that makes a rectangle a square. */
export function square(from: Point, to: Point): Point {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return { x: from.x + side * Math.sign(to.x - from.x || 1), y: from.y + side * Math.sign(to.y - from.y || 1) };
}

/** Marks in another order: one of them a place up or down, and its new place. */
export function restacked(marks: readonly Mark[], index: number, by: number): { marks: Mark[]; index: number } {
  const to = Math.min(marks.length - 1, Math.max(0, index + by));
  const order = [...marks];
  const [mark] = order.splice(index, 1);
  if (mark !== undefined) order.splice(to, 0, mark);
  return { marks: order, index: to };
}

/** A line that is shown where something is in line with something else. */
export interface Guide {
  /** Whether it runs from top to bottom. */
  upright: boolean;
  at: number;
}

/** What can be snapped to: edges and middles, across and down. */
export interface Edges {
  x: readonly number[];
  y: readonly number[];
}

/** The edges and middles of the picture and of all marks but one. */
export function edgesOf(marks: readonly Mark[], but: number, picture: Rect, measure: Measure): Edges {
  const frames = [picture, ...marks.filter((_, index) => index !== but).map((mark) => frameOf(mark, measure))];
  return {
    x: frames.flatMap(({ x, width }) => [x, x + width / 2, x + width]),
    y: frames.flatMap(({ y, height }) => [y, y + height / 2, y + height]),
  };
}

function nearest(places: readonly number[], edges: readonly number[], reach: number): { by: number; at: number } | null {
  let best: { by: number; at: number } | null = null;
  for (const place of places) {
    for (const at of edges) {
      const by = at - place;
      if (Math.abs(by) <= reach && (best === null || Math.abs(by) < Math.abs(best.by))) best = { by, at };
    }
  }
  return best;
}

/** How far some places are to be moved so that they are in line with what is near, and the lines that show it. */
export function snapped(places: Edges, edges: Edges, reach: number): { by: Point; guides: Guide[] } {
  const x = nearest(places.x, edges.x, reach);
  const y = nearest(places.y, edges.y, reach);
  return {
    by: { x: x?.by ?? 0, y: y?.by ?? 0 },
    guides: [...(x === null ? [] : [{ upright: true, at: x.at }]), ...(y === null ? [] : [{ upright: false, at: y.at }])],
  };
}

/** The places of a frame that snap: its edges and its middle. */
export const snapsOf = ({ x, y, width, height }: Rect): Edges => ({ x: [x, x + width / 2, x + width], y: [y, y + height / 2, y + height] });

