// Words that are looked for in one conversation. Marks are the browser's own highlights: nothing is put between the
// words, which belong to the components that drew them.

import { occurrencesOf } from "../../state/matching";
import { segmentWords } from "./plain";
import type { Segment } from "./segments";

/** Where the words stand: the part, and which of its places. */
export interface Match {
  key: string;
  nth: number;
}

/** The places of words in the parts of a conversation, in order. */
export function matchesOf(segments: readonly Segment[], words: string): Match[] {
  return segments.flatMap((segment) =>
    occurrencesOf(segmentWords(segment), words).map((_, nth) => ({ key: segment.key, nth })),
  );
}

/** What is no part of what was said: buttons, but for those that are a step, times, counts of lines,
 * files, and what a step unfolded to. */
const unsearched = "button:not(.head), time, figcaption, .under, .good, .bad, .divider, .before";
const blocks = "p, li, td, th, pre, h1, h2, h3, h4, h5, h6, blockquote, div";

/** The places of words in what is drawn, in order; they may go through emphasis and links, not from one paragraph to another. */
export function rangesIn(drawn: Element, words: string): Range[] {
  const nodes: { node: Text; from: number }[] = [];
  let text = "";
  let last: Element | null = null;
  const walker = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest(unsearched) !== null) continue;
    const block = node.parentElement.closest(blocks);
    if (block !== last) text += "\n";
    last = block;
    nodes.push({ node, from: text.length });
    text += node.data;
  }
  const nodeAt = (place: number): { node: Text; from: number } | undefined => nodes.findLast(({ from }) => from <= place);
  return occurrencesOf(text, words).flatMap(({ from, to }) => {
    const [first, final] = [nodeAt(from), nodeAt(to - 1)];
    if (first === undefined || final === undefined) return [];
    const range = new Range();
    range.setStart(first.node, from - first.from);
    range.setEnd(final.node, to - final.from);
    return [range];
  });
}

/** The marks of all places, and of the one that is shown; kept, for WebKit paints anew what is taken out of one, not one that goes. */
let marks: { all: Highlight; one: Highlight } | null = null;

function marksHere(): { all: Highlight; one: Highlight } | null {
  if (typeof Highlight !== "function" || !("highlights" in CSS)) return null;
  if (marks === null) {
    marks = { all: new Highlight(), one: new Highlight() };
    marks.one.priority = 1;
    CSS.highlights.set("match", marks.all);
    CSS.highlights.set("shown", marks.one);
  }
  return marks;
}

/** Marks all places that are drawn, and the one that is shown. */
export function markAll(drawn: Iterable<HTMLElement>, words: string, shown: Match | null): void {
  const found = marksHere();
  if (found === null) return;
  unmarkAll();
  for (const part of drawn) {
    for (const [nth, range] of rangesIn(part, words).entries()) {
      const isShown = shown?.key === part.dataset["part"] && shown?.nth === nth;
      (isShown ? found.one : found.all).add(range);
    }
  }
}

/** Takes all marks away. */
export function unmarkAll(): void {
  marks?.all.clear();
  marks?.one.clear();
}

/** The place after one that is shown, or before it; round the end to the other. Where that one is gone, the first or the last. */
export function stepped(matches: readonly Match[], at: number, by: 1 | -1): Match | null {
  const next = at < 0 ? (by > 0 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length;
  return matches[next] ?? null;
}

/** The first place not before a part, or else the last of all. */
export function firstFrom(matches: readonly Match[], segments: readonly Segment[], key: string | null): Match | null {
  const order = new Map(segments.map((segment, place) => [segment.key, place]));
  const begin = key === null ? 0 : (order.get(key) ?? 0);
  return matches.find((match) => (order.get(match.key) ?? 0) >= begin) ?? matches.at(-1) ?? null;
}
