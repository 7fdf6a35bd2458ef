import { expect, test } from "vitest";
import { type Highlight, piecesOf } from "./pieces";

const at = (from: number, to: number, look: Highlight["look"] = "number"): Highlight => ({ from, to, look });

test.each([
  ["nothing", "words", [], [["words", null]]],
  ["no words", "", [], []],
  ["out of order", "a① b②", [at(4, 5), at(1, 2, "warning")], [["a", null], ["①", "warning"], [" b", null], ["②", "number"]]],
  ["the whole", "①", [at(0, 1)], [["①", "number"]]],
  ["one over another", "abcdef", [at(1, 4, "warning"), at(3, 5)], [["a", null], ["bcd", "warning"], ["ef", null]]],
  ["places that are gone", "ab", [at(1, 9), at(1, 1)], [["ab", null]]],
] as const)("words are cut at their highlights: %s", (_, text, highlights, expected) => {
  const pieces = piecesOf(text, highlights);
  expect(pieces.map(({ text: part, look }) => [part, look])).toEqual(expected);
  expect(pieces.map(({ text: part }) => part).join(""), "what is drawn behind must be the same words").toBe(text);
});
