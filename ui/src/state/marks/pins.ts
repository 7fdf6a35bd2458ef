// Numbered pins: one numbering through all pictures of a draft, in the marks and in the words. Pure.

import type { Mark, Markup, Point, Rect } from "../../backend/bindings";

type Pin = Extract<Mark, { kind: "pin" }>;

/** What is drawn on all pictures, and the words that speak of it. */
export interface Pinned {
  markups: readonly Markup[];
  text: string;
}

/** A pin's number as it stands in the words: ① to ㊿, then `(51)`. */
export function pinCharacter(number: number): string {
  if (number <= 20) return String.fromCharCode(0x2460 + number - 1);
  if (number <= 35) return String.fromCharCode(0x3251 + number - 21);
  if (number <= 50) return String.fromCharCode(0x32b1 + number - 36);
  return `(${number.toString()})`;
}

const characters = /[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf]|\((?:5[1-9]|[6-9]\d|[1-9]\d{2,5})\)/g;

function numberOf(found: string): number {
  const code = found.charCodeAt(0);
  if (found.startsWith("(")) return Number(found.slice(1, -1));
  if (code <= 0x2473) return code - 0x2460 + 1;
  return code <= 0x325f ? code - 0x3251 + 21 : code - 0x32b1 + 36;
}

/** The numbers of pins that the words speak of, and where; other such characters are the user's own. */
export function mentions(text: string, count: number): { number: number; at: number; length: number }[] {
  return [...text.matchAll(characters)]
    .map((match) => ({ number: numberOf(match[0]), at: match.index, length: match[0].length }))
    .filter(({ number }) => number <= count);
}

const isPin = (mark: Mark): mark is Pin => mark.kind === "pin";

/** The pins of all pictures. */
export const pinsOf = (markups: readonly Markup[]): Pin[] => markups.flatMap(({ marks }) => marks.filter(isPin));

/** How many pins there are. */
export const countPins = (markups: readonly Markup[]): number => pinsOf(markups).length;

/** The pins of which the words do not speak. */
export function unspoken(text: string, count: number): number[] {
  const spoken = new Set(mentions(text, count).map(({ number }) => number));
  return Array.from({ length: count }, (_, index) => index + 1).filter((number) => !spoken.has(number));
}

/** The numbers of the pins that stand beside what is kept of their pictures, in order: nothing of them is sent. */
export function outside(markups: readonly Markup[], kept: readonly Rect[]): number[] {
  return markups
    .flatMap((markup, picture) => pinsOf([markup]).filter(({ at }) => !isInside(at, kept[picture])))
    .map(({ number }) => number)
    .sort((one, other) => one - other);
}

const isInside = ({ x, y }: Point, area: Rect | undefined): boolean =>
  area !== undefined && x >= area.x && y >= area.y && x <= area.x + area.width && y <= area.y + area.height;

const withLine = (text: string, line: string): string => `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}`;

/** The words with a line for a new pin at their end; where they speak of its number already, that is its line. */
export const spokenOf = (text: string, number: number): string =>
  mentions(text, number).some((mention) => mention.number === number) ? text : withLine(text, `${pinCharacter(number)} `);

/** What the words say about a pin: the rest of its line. */
export function pinWords(text: string, number: number, count: number): string {
  const found = mentions(text, count).find((mention) => mention.number === number);
  if (found === undefined) return "";
  const rest = text.slice(found.at + found.length);
  return (/^[^\n]*/.exec(rest)?.[0] ?? "").replace(/^ /, "");
}

/** The words with something else said about a pin; a pin they do not speak of gets a line. */
export function withPinWords(text: string, number: number, count: number, words: string): string {
  const said = words.replace(/\s*\n\s*/g, " ");
  const found = mentions(text, count).find((mention) => mention.number === number);
  if (found === undefined) return withLine(text, `${pinCharacter(number)} ${said}`);
  const from = found.at + found.length;
  const end = text.indexOf("\n", from);
  return `${text.slice(0, from)} ${said}${end < 0 ? "" : text.slice(end)}`;
}

/** The words with each number made another, or taken out (null). A line of which nothing is left goes, too. */
function renumbered(text: string, count: number, to: (number: number) => number | null): string {
  const all = mentions(text, count);
  if (all.every(({ number }) => to(number) === number)) return text;
  const lines: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    let out = "";
    let from = 0;
    let taken = false;
    for (const { number, at, length } of all) {
      if (at < start || at >= start + line.length) continue;
      const other = to(number);
      out += line.slice(from, at - start);
      from = at - start + length;
      if (other !== null) out += pinCharacter(other);
      else {
        taken = true;
        if (line[from] === " ") from += 1;
      }
    }
    out += line.slice(from);
    if (!taken || out.trim() !== "") lines.push(out);
    start += line.length + 1;
  }
  return lines.join("\n");
}

/**
 * Numbers all pins from 1 without holes: in the order of their numbers, those of the same number in the order of the
 * pictures. The first of a number keeps what is said about it; numbers of pins that are gone leave the words.
 * `count` is the highest number that counted as one of a pin before.
 */
export function settled({ markups, text }: Pinned, count: number): Pinned {
  const places = markups
    .flatMap(({ marks }, picture) => marks.flatMap((mark, index) => (isPin(mark) ? [{ picture, index, number: mark.number }] : [])))
    .sort((one, other) => one.number - other.number);
  const to = new Map<number, number>();
  const numbers = new Map<string, number>();
  for (const [order, { picture, index, number }] of places.entries()) {
    if (!to.has(number)) to.set(number, order + 1);
    numbers.set(`${picture.toString()}:${index.toString()}`, order + 1);
  }
  return {
    markups: markups.map((markup, picture) => {
      const same = markup.marks.every((mark, index) => !isPin(mark) || mark.number === numbers.get(`${picture.toString()}:${index.toString()}`));
      if (same) return markup;
      return {
        ...markup,
        marks: markup.marks.map((mark, index) =>
          isPin(mark) ? { ...mark, number: numbers.get(`${picture.toString()}:${index.toString()}`) ?? mark.number } : mark,
        ),
      };
    }),
    text: renumbered(text, count, (number) => to.get(number) ?? null),
  };
}
