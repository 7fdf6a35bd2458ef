// The tools of the desk, and what each draws between two places. Pure.

import type { Color, Mark, Point } from "../../backend/bindings";
import { square, straight } from "./edit";
import { between } from "./geometry";

/** In the order of the bar. */
export const tools = [
  "select",
  "crop",
  "arrow",
  "box",
  "ellipse",
  "line",
  "pen",
  "highlighter",
  "text",
  "pin",
  "redact",
] as const;

export type Tool = (typeof tools)[number];

/** The key that takes each tool up. */
export const toolKeys: Record<Tool, string> = {
  select: "V",
  crop: "C",
  arrow: "A",
  box: "B",
  ellipse: "O",
  line: "L",
  pen: "P",
  highlighter: "H",
  text: "T",
  pin: "N",
  redact: "R",
};

const color = (red: number, green: number, blue: number): Color => ({ red, green, blue });

/** The colors to choose from: told apart from each other and from most of what is on screens. */
export const colors = {
  red: color(207, 42, 48),
  yellow: color(255, 196, 0),
  green: color(24, 138, 84),
  blue: color(38, 98, 235),
  black: color(27, 27, 31),
  white: color(255, 255, 255),
} as const;

export type ColorName = keyof typeof colors;
export const colorNames = Object.keys(colors) as ColorName[];

/** What a redaction leaves. */
export const redaction = color(0, 0, 0);

export const widths = ["thin", "medium", "thick"] as const;
export type Width = (typeof widths)[number];
const widthFactors: Record<Width, number> = { thin: 0.55, medium: 1, thick: 1.9 };

/** What was chosen last. */
export interface Pen {
  color: ColorName;
  /** The highlighter keeps a color of its own. */
  highlight: ColorName;
  width: Width;
}

/** How large marks are on a picture: what looks medium on it. In its pixels. */
export interface Sizes {
  stroke: number;
  highlight: number;
  text: number;
  pin: number;
}

export function sizesOf(picture: { width: number; height: number }, width: Width): Sizes {
  const medium = Math.max(2, Math.sqrt(picture.width * picture.height) / 150);
  const stroke = Math.max(1, Math.round(medium * widthFactors[width] * 2) / 2);
  const much = medium * { thin: 0.75, medium: 1, thick: 1.5 }[width];
  return { stroke, highlight: Math.round(stroke * 4.5), text: Math.round(much * 5), pin: Math.round(much * 8) };
}

/** Tools that draw between two places. */
export type Stretched = "arrow" | "box" | "ellipse" | "line" | "redact";

export const isStretched = (tool: Tool): tool is Stretched =>
  tool === "arrow" || tool === "box" || tool === "ellipse" || tool === "line" || tool === "redact";

/** What a tool draws from one place to another; held straight or even by Shift. */
export function stretched(tool: Stretched, from: Point, to: Point, even: boolean, pen: { color: Color; width: number }): Mark {
  switch (tool) {
    case "arrow":
    case "line":
      return { kind: tool, from, to: even ? straight(from, to) : to, ...pen };
    case "box":
    case "ellipse":
      return { kind: tool, area: between(from, even ? square(from, to) : to), ...pen };
    case "redact":
      return { kind: tool, area: between(from, even ? square(from, to) : to), color: redaction };
  }
}

/** A mark in another color; a redaction stays what it is. */
export const colored = (mark: Mark, to: Color): Mark => (mark.kind === "redact" ? mark : { ...mark, color: to });

/** A mark with the strokes or the size of a width. */
export function widened(mark: Mark, { stroke, highlight, text, pin }: Sizes): Mark {
  switch (mark.kind) {
    case "redact":
      return mark;
    case "text":
      return { ...mark, size: text };
    case "pin":
      return { ...mark, size: pin };
    case "highlighter":
      return { ...mark, width: highlight };
    default:
      return { ...mark, width: stroke };
  }
}
