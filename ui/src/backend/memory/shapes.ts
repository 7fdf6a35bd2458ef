// Words as outlines without a font: digits of small squares, and a bar for every other letter.

import type { PathStep, TextShape } from "../bindings";

/** Five rows of three squares, by digit. */
const rowsOf: Record<string, string> = {
  0: "75557", 1: "26227", 2: "71747", 3: "71717", 4: "55711", 5: "74717", 6: "74757", 7: "71222", 8: "75757", 9: "75717",
};
const advance = 0.62;
const lineHeight = 1.25;

const square = (x: number, y: number, width: number, height: number): PathStep[] => [
  { kind: "move", to: { x, y } },
  { kind: "line", to: { x: x + width, y } },
  { kind: "line", to: { x: x + width, y: y + height } },
  { kind: "line", to: { x, y: y + height } },
  { kind: "close" },
];

function letter(character: string, x: number, y: number): PathStep[] {
  const rows = rowsOf[character];
  if (rows === undefined) return character.trim() === "" ? [] : square(x + 0.04, y + 0.45, advance - 0.08, 0.5);
  return [...rows].flatMap((bits, row) =>
    [4, 2, 1].flatMap((bit, column) => ((Number(bits) & bit) === 0 ? [] : square(x + 0.06 + column * 0.15, y + 0.22 + row * 0.145, 0.151, 0.146))),
  );
}

/** What the core would answer: the size is right, the letters are not. */
export function shapeOf(text: string, _bold: boolean): TextShape {
  const lines = text.split("\n");
  return {
    outline: lines.flatMap((line, row) => [...line].flatMap((character, column) => letter(character, column * advance, row * lineHeight))),
    emoji: [],
    width: Math.max(...lines.map((line) => [...line].length)) * advance,
    height: lines.length * lineHeight,
  };
}
