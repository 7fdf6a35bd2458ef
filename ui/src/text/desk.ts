// What the marks mean for what is sent, in words.

import type { Mark, Markup } from "../backend/bindings";
import { several } from "./time";

/** "1", "1 and 2", "1, 2 and 3"; from four on in a row "1 to 4". */
export function listed(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return "";
  if (numbers.length > 3 && last - first === numbers.length - 1) return `${first.toString()} to ${last.toString()}`;
  if (numbers.length === 1) return first.toString();
  return `${numbers.slice(0, -1).join(", ")} and ${last.toString()}`;
}

const pinsAre = (numbers: readonly number[]): string => (numbers.length === 1 ? `Pin ${listed(numbers)} is` : `Pins ${listed(numbers)} are`);

/** "Pins 1 and 2 are in your words · 1 redaction, burnt in when sent". */
export function deskSummary(markups: readonly Markup[], pins: number, unspoken: readonly number[], outside: readonly number[]): string {
  const marks: Mark[] = markups.flatMap((markup) => markup.marks);
  const redactions = marks.filter(({ kind }) => kind === "redact").length;
  const others = marks.length - redactions - pins;
  const crops = markups.filter(({ crop }) => crop !== null).length;
  const spoken = Array.from({ length: pins }, (_, index) => index + 1).filter((number) => !unspoken.includes(number) && !outside.includes(number));
  const silent = unspoken.filter((number) => !outside.includes(number));
  const said = [
    ...(spoken.length > 0 ? [`${pinsAre(spoken)} in your words`] : []),
    ...(silent.length > 0 ? [`${pinsAre(silent)} not in your words`] : []),
    ...(outside.length > 0 ? [`${pinsAre(outside)} outside the picture`] : []),
    ...(redactions > 0 ? [`${several(redactions, "redaction", "redactions")}, burnt in when sent`] : []),
    ...(others > 0 ? [several(others, pins + redactions > 0 ? "other mark" : "mark", pins + redactions > 0 ? "other marks" : "marks")] : []),
    ...(crops > 0 ? ["Cropped"] : []),
  ];
  return said.length === 0 ? "Nothing marked yet" : said.join(" · ");
}
