// Where a mark draws: closed outlines, filled by the nonzero rule. The core draws these same paths, with the same numbers.

import type { Color, Mark, PathStep, Point, Rect, TextShape } from "../../backend/bindings";
import { sidesOf } from "./geometry";

/** Four cubics with handles of this share of the radius make a circle: 4/3 · (√2 − 1). */
const handle = 0.5522847498307936;
/** An arrow's head is this many stroke widths long, and half as wide to each side of the shaft's middle. */
const headWidths = 4.5;
/** An arrow's head takes at most this share of its length. */
const mostHead = 0.75;
/** Coordinates and widths beyond this are taken as this. */
const farthest = 1_000_000;

type Pair = readonly [number, number];

const right: Pair = [1, 0];
const down: Pair = [0, 1];
const left: Pair = [-1, 0];
const up: Pair = [0, -1];

const bound = (number: number): number => Math.min(farthest, Math.max(-farthest, number));
const bounded = ({ x, y }: Point): Pair => [bound(x), bound(y)];
const plus = ([x, y]: Pair, factor: number, [across, downwards]: Pair): Pair => [x + factor * across, y + factor * downwards];
const reversed = ([x, y]: Pair): Pair => [-x, -y];
const turned = ([x, y]: Pair): Pair => [-y, x];
const pointOf = ([x, y]: Pair): Point => ({ x, y });
const half = (width: number): number => Math.min(width, farthest) / 2;

/** Direction to another place, and how far it is; null for the same place. */
function toward(from: Pair, to: Pair): { along: Pair; length: number } | null {
  const x = to[0] - from[0];
  const y = to[1] - from[1];
  const length = Math.hypot(x, y);
  return length > 0 ? { along: [x / length, y / length], length } : null;
}

class Path {
  readonly steps: PathStep[] = [];

  move(to: Pair): void {
    this.steps.push({ kind: "move", to: pointOf(to) });
  }

  line(to: Pair): void {
    this.steps.push({ kind: "line", to: pointOf(to) });
  }

  close(): void {
    this.steps.push({ kind: "close" });
  }

  quarter(center: Pair, from: Pair, to: Pair, radii: Pair): void {
    const place = ([x, y]: Pair): Point => ({ x: center[0] + radii[0] * x, y: center[1] + radii[1] * y });
    this.steps.push({ kind: "cubic", first: place(plus(from, handle, to)), second: place(plus(to, handle, from)), to: place(to) });
  }

  polygon([first, ...others]: readonly [Pair, ...Pair[]]): void {
    this.move(first);
    for (const corner of others) this.line(corner);
    this.close();
  }

  capsule(from: Pair, to: Pair, reach: number): void {
    if (reach <= 0) return;
    const radii: Pair = [reach, reach];
    const along = toward(from, to)?.along ?? right;
    const across = turned(along);
    this.move(plus(from, reach, across));
    this.line(plus(to, reach, across));
    this.quarter(to, across, along, radii);
    this.quarter(to, along, reversed(across), radii);
    this.line(plus(from, -reach, across));
    this.quarter(from, reversed(across), reversed(along), radii);
    this.quarter(from, reversed(along), across, radii);
    this.close();
  }

  stroke(points: readonly Point[], reach: number): void {
    const pairs = points.map(bounded);
    for (const [index, to] of pairs.entries()) {
      const from = pairs[index - 1];
      if (from !== undefined && (from[0] !== to[0] || from[1] !== to[1])) this.capsule(from, to, reach);
    }
    const [first] = pairs;
    if (this.steps.length === 0 && first !== undefined) this.capsule(first, first, reach);
  }

  arrow(from: Pair, to: Pair, width: number): void {
    const direction = toward(from, to);
    if (direction === null || width <= 0) return;
    const { along, length } = direction;
    const across = turned(along);
    const head = Math.min(headWidths * width, mostHead * length);
    const barb = head / 2;
    const shaft = barb / headWidths;
    const neck = plus(to, -head, along);
    this.move(plus(from, shaft, across));
    this.line(plus(neck, shaft, across));
    this.line(plus(neck, barb, across));
    this.line(to);
    this.line(plus(neck, -barb, across));
    this.line(plus(neck, -shaft, across));
    this.line(plus(from, -shaft, across));
    this.quarter(from, reversed(across), reversed(along), [shaft, shaft]);
    this.quarter(from, reversed(along), across, [shaft, shaft]);
    this.close();
  }

  frame([x, y, farX, farY]: readonly [number, number, number, number], reach: number): void {
    if (reach <= 0) return;
    const radii: Pair = [reach, reach];
    this.move([x, farY + reach]);
    this.line([farX, farY + reach]);
    this.quarter([farX, farY], down, right, radii);
    this.line([farX + reach, y]);
    this.quarter([farX, y], right, up, radii);
    this.line([x, y - reach]);
    this.quarter([x, y], up, left, radii);
    this.line([x - reach, farY]);
    this.quarter([x, farY], left, down, radii);
    this.close();
    const [inX, inY, inFarX, inFarY] = [x + reach, y + reach, farX - reach, farY - reach];
    if (inX < inFarX && inY < inFarY) this.polygon([[inX, inFarY], [inX, inY], [inFarX, inY], [inFarX, inFarY]]);
  }

  ring([x, y, farX, farY]: readonly [number, number, number, number], reach: number): void {
    if (reach <= 0) return;
    const center: Pair = [(x + farX) / 2, (y + farY) / 2];
    const radii: Pair = [(farX - x) / 2, (farY - y) / 2];
    this.ellipse(center, [radii[0] + reach, radii[1] + reach], [down, right, up, left]);
    if (radii[0] > reach && radii[1] > reach) this.ellipse(center, [radii[0] - reach, radii[1] - reach], [down, left, up, right]);
  }

  ellipse(center: Pair, radii: Pair, directions: readonly [Pair, Pair, Pair, Pair]): void {
    const [first] = directions;
    this.move([center[0] + radii[0] * first[0], center[1] + radii[1] * first[1]]);
    for (const [index, from] of directions.entries()) this.quarter(center, from, directions[(index + 1) % 4] ?? first, radii);
    this.close();
  }
}

const boundedSides = (area: Rect): [number, number, number, number] =>
  sidesOf(area).map(bound) as [number, number, number, number];

/** The rectangle moved outwards to whole pixels. */
function wholePixels(area: Rect): [number, number, number, number] {
  const [x, y, farX, farY] = boundedSides(area);
  return [Math.floor(x), Math.floor(y), Math.ceil(farX), Math.ceil(farY)];
}

/** The outline of what is drawn, in pixels of the whole picture; of a pin its disc, of words nothing: they are shaped. */
export function outlineOf(mark: Mark): PathStep[] {
  const path = new Path();
  switch (mark.kind) {
    case "line":
      path.capsule(bounded(mark.from), bounded(mark.to), half(mark.width));
      break;
    case "freehand":
    case "highlighter":
      path.stroke(mark.points, half(mark.width));
      break;
    case "arrow":
      path.arrow(bounded(mark.from), bounded(mark.to), Math.min(mark.width, farthest));
      break;
    case "box":
      path.frame(boundedSides(mark.area), half(mark.width));
      break;
    case "ellipse":
      path.ring(boundedSides(mark.area), half(mark.width));
      break;
    case "redact": {
      const [x, y, farX, farY] = wholePixels(mark.area);
      if (x < farX && y < farY) path.polygon([[x, farY], [farX, farY], [farX, y], [x, y]]);
      break;
    }
    case "pin":
      if (mark.size > 0) path.ellipse(bounded(mark.at), [half(mark.size), half(mark.size)], [down, right, up, left]);
      break;
    case "text":
      break;
  }
  return path.steps;
}

const say = ({ x, y }: Point): string => `${x.toString()} ${y.toString()}`;

/** Steps as the `d` of an SVG path. */
export function pathOf(steps: readonly PathStep[]): string {
  return steps
    .map((step) => {
      switch (step.kind) {
        case "move":
          return `M${say(step.to)}`;
        case "line":
          return `L${say(step.to)}`;
        case "cubic":
          return `C${say(step.first)} ${say(step.second)} ${say(step.to)}`;
        case "close":
          return "Z";
      }
    })
    .join("");
}

/** A color as the page knows it. */
export const fillOf = ({ red, green, blue }: Color): string => `rgb(${red.toString()} ${green.toString()} ${blue.toString()})`;

/** Part of the light that a color gives back, 0 to 1. */
export function luminance({ red, green, blue }: Color): number {
  const linear = (part: number): number => (part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** The color of a pin's number: whichever shows better on the disc. */
export const inkOn = (disc: Color): Color => (luminance(disc) > 0.4 ? { red: 27, green: 27, blue: 31 } : { red: 255, green: 255, blue: 255 });

/** What is written on a pin. */
export const pinLabel = (number: number): string => number.toString();

/** Where the label of a pin is laid: its shape is grown by `scale`, then moved by `x` and `y`. */
export function labelPlace(mark: Extract<Mark, { kind: "pin" }>, shape: TextShape): { x: number; y: number; scale: number } {
  const scale = mark.size * (pinLabel(mark.number).length > 2 ? 0.45 : 0.6);
  const points = shape.outline.flatMap((step) => (step.kind === "close" ? [] : step.kind === "cubic" ? [step.first, step.second, step.to] : [step.to]));
  if (points.length === 0) return { x: mark.at.x, y: mark.at.y, scale };
  const middle = (parts: readonly number[]): number => (Math.min(...parts) + Math.max(...parts)) / 2;
  return {
    x: mark.at.x - scale * middle(points.map(({ x }) => x)),
    y: mark.at.y - scale * middle(points.map(({ y }) => y)),
    scale,
  };
}
