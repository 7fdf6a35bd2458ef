import { expect, test } from "vitest";
import type { Mark, Markup } from "../../backend/bindings";
import { countPins, mentions, outside, pinCharacter, type Pinned, pinsOf, pinWords, settled, spokenOf, unspoken, withPinWords } from "./pins";

const color = { red: 0, green: 0, blue: 0 };
const pin = (number: number): Mark => ({ kind: "pin", at: { x: 0, y: 0 }, number, size: 10, color });
const box: Mark = { kind: "box", area: { x: 0, y: 0, width: 1, height: 1 }, color, width: 1 };
const markup = (...marks: Mark[]): Markup => ({ crop: null, marks });

/** The numbers on each picture. */
const numbers = ({ markups }: Pinned): number[][] => markups.map((one) => pinsOf([one]).map(({ number }) => number));

test("the numbers are characters up to fifty, and then in parentheses", () => {
  expect([1, 20, 21, 35, 36, 50, 51, 120].map(pinCharacter)).toEqual(["①", "⑳", "㉑", "㉟", "㊱", "㊿", "(51)", "(120)"]);
});

test("every number is found again in the words, and what is beyond the count is the user's own", () => {
  const all = Array.from({ length: 60 }, (_, index) => index + 1);
  const text = all.map(pinCharacter).join(" and ");
  expect(mentions(text, 60).map(({ number }) => number)).toEqual(all);
  expect(mentions("as in (1984), ③ and (2) and (51)", 2), "nothing of this is a pin of two").toEqual([]);
});

test("a new pin gets a line at the end of the words", () => {
  expect(["", "Fix this.", "Fix this.\n", "One\n\n"].map((text) => spokenOf(text, 1))).toEqual(["① ", "Fix this.\n① ", "Fix this.\n① ", "One\n\n① "]);
});

test("what is said of a pin is the rest of its line, and is written there", () => {
  const text = "Look:\n① this is off\nsee ② too";
  expect([1, 2].map((number) => pinWords(text, number, 2))).toEqual(["this is off", "too"]);
  expect(withPinWords(text, 1, 2, "left\nof it")).toBe("Look:\n① left of it\nsee ② too");
  expect(withPinWords("Look:", 2, 2, "new"), "one without a line gets one").toBe("Look:\n② new");
  expect(withPinWords("", 1, 1, " a "), "as it is typed, spaces too").toBe("①  a ");
});

test("a pin that goes takes its number along and leaves the words; the others close up", () => {
  const before: Pinned = {
    markups: [markup(pin(1), box, pin(3)), markup(pin(2))],
    text: "Look:\n① this is off\n② \n③ not ② or ①",
  };
  const gone = { ...before, markups: [markup(box, pin(3)), before.markups[1] ?? markup()] };
  const after = settled(gone, 3);
  expect([numbers(after), after.text]).toEqual([[[2], [1]], "Look:\nthis is off\n① \n② not ① or "]);
});

test("a line of which nothing is left goes, but no other", () => {
  expect(settled({ markups: [markup(pin(2))], text: "a\n\n① \n② b\n" }, 2).text).toBe("a\n\n① b\n");
});

test("pins that share a number are told apart, and the first keeps what is said", () => {
  const after = settled({ markups: [markup(pin(1)), markup(pin(1), pin(2))], text: "① one\n② two" }, 2);
  expect([numbers(after), after.text, unspoken(after.text, 3)]).toEqual([[[1], [2, 3]], "① one\n③ two", [2]]);
});

test("what needs no change is the same object, so that nothing is saved or drawn again", () => {
  const before = { markups: [markup(pin(1)), markup(box)], text: "① x" };
  const after = settled(before, 1);
  expect([after.markups[0] === before.markups[0], after.markups[1] === before.markups[1], after.text]).toEqual([true, true, "① x"]);
});

/** A generator with a seed, so that what fails fails again. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The words without the numbers of pins, and without the space behind them. */
const bare = (text: string, count: number): string => {
  let out = "";
  let from = 0;
  for (const { at, length } of mentions(text, count)) {
    out += text.slice(from, at);
    from = at + length;
  }
  return (out + text.slice(from)).replace(/\s+/g, "");
};

test.each(Array.from({ length: 60 }, (_, seed) => seed))("whatever is done in whatever order, numbers have no holes and words are kept (seed %d)", (seed) => {
  const next = chance(seed);
  const pieces = ["Fix it", "\n", "(2024) ", "see ", "😀", "① ", " ", "日本", "③ and ㉑", "(51)"];
  let state: Pinned = { markups: [markup(), markup(box), markup()], text: "" };
  for (let step = 0; step < 120; step += 1) {
    const count = countPins(state.markups);
    const picture = next(3);
    const place = next(4);
    const there = state.markups[picture] ?? markup();
    const with_ = (other: Markup): Markup[] => state.markups.map((one, index) => (index === picture ? other : one));
    if (place === 0 || place === 1) {
      state = settled({ markups: with_({ ...there, marks: [...there.marks, pin(count + 1)] }), text: spokenOf(state.text, count + 1) }, count + 1);
    } else if (place === 2 && there.marks.length > 0) {
      const index = next(there.marks.length);
      const before = bare(state.text, count);
      const left = settled({ markups: with_({ ...there, marks: there.marks.filter((_, at) => at !== index) }), text: state.text }, count);
      expect(bare(left.text, count), "the user's other words are unchanged").toBe(before);
      state = left;
    } else {
      const at = next(state.text.length + 1);
      const cut = next(3) === 0 ? next(6) : 0;
      state = { ...state, text: state.text.slice(0, at) + (pieces[next(pieces.length)] ?? "") + state.text.slice(at + cut) };
    }
    const all = pinsOf(state.markups).map(({ number }) => number).sort((one, other) => one - other);
    expect(all, "from 1 to n without holes").toEqual(Array.from({ length: all.length }, (_, index) => index + 1));
  }
});

test("pins whose middle is beside what is kept of their picture are outside, in the order of their numbers", () => {
  const at = (number: number, x: number, y: number): Mark => ({ kind: "pin", at: { x, y }, number, size: 10, color });
  const kept = { x: 10, y: 10, width: 20, height: 20 };
  expect(outside([markup(at(4, 31, 20), at(1, 10, 30)), markup(at(2, 20, 9), at(3, 20, 20)), markup(at(5, 1, 1))], [kept, kept])).toEqual([2, 4, 5]);
});
