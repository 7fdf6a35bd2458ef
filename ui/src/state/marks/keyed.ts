// What the desk draws and resizes by key, where no pointer says where and how large. Pure.

import type { Color, Mark, Point } from "../../backend/bindings";
import { handlesOf, moved, resized } from "./edit";
import { frameOf, type Measure } from "./geometry";
import { type Sizes, stretched, type Tool } from "./tools";

/** The mark that a tool draws around a place when no pointer says how large. Not for those that draw none, nor for words. */
export function standard(tool: Exclude<Tool, "select" | "crop" | "text">, at: Point, color: Color, sizes: Sizes): Mark {
  const wide = sizes.pin * 2;
  const from = { x: at.x - wide, y: at.y - sizes.pin };
  const to = { x: at.x + wide, y: at.y + sizes.pin };
  const points = [{ x: from.x, y: at.y }, { x: to.x, y: at.y }];
  if (tool === "pin") return { kind: "pin", at, number: 0, size: sizes.pin, color };
  if (tool === "pen") return { kind: "freehand", points, color, width: sizes.stroke };
  if (tool === "highlighter") return { kind: "highlighter", points, color, width: sizes.highlight };
  return stretched(tool, from, to, false, { color, width: sizes.stroke });
}

/** The mark, moved aside as often as one of its kind lies right there: one over another, nobody would see. */
export function beside(mark: Mark, others: readonly Mark[], by: number, measure: Measure): Mark {
  const kind = others.filter((other) => other.kind === mark.kind).map((other) => frameOf(other, measure));
  let free = mark;
  const lies = (): boolean => {
    const { x, y } = frameOf(free, measure);
    return kind.some((other) => Math.hypot(other.x - x, other.y - y) < by / 2);
  };
  // Each step leads past at least one of them for good.
  for (let step = 0; step < kind.length && lies(); step += 1) free = moved(free, { x: by, y: by });
  return free;
}

/** A mark made larger or smaller by key: the end of a line, else its lower right corner. Words and pins keep their proportion. */
export function stepped(mark: Mark, by: Point, measure: Measure): Mark {
  const found = handlesOf(mark, measure).find(({ handle }) => handle === "to" || handle === "se");
  if (found === undefined) return mark;
  const { handle, at } = found;
  const { x, y } = frameOf(mark, measure);
  const all = by.x + by.y;
  const to = mark.kind === "text" || mark.kind === "pin" ? { x: at.x + all, y: at.y + all } : { x: at.x + by.x, y: at.y + by.y };
  return resized(mark, handle, handle === "to" ? to : { x: Math.max(x + 1, to.x), y: Math.max(y + 1, to.y) }, false, measure);
}
