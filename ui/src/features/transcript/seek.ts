// The place of a hit in the drawn conversation, and the words marked in it. Marks are the browser's own highlights:
// nothing is put between the words, which belong to the components that drew them.

import type { Artifact } from "../../backend/bindings";
import type { Sought } from "../../state/finding.svelte";
import { placesOf } from "../../state/matching";
import { segmentWords } from "./plain";
import type { Segment } from "./segments";

const name = "found";

/**
 * The part of the conversation that holds what was found, and whether it surely does. A block that has another number
 * since is told by its words.
 */
export function placeIn(
  segments: readonly Segment[],
  { place, words }: Sought,
  left: ReadonlyMap<string, readonly Artifact[]>,
): { at: number; exact: boolean } {
  const at = segments.findIndex((segment) =>
    place.place === "file"
      ? left.get(segment.key)?.some(({ path }) => path === place.path) === true
      : (segment.segment === "steps" ? segment.blocks : [segment.entity]).some(({ id }) => id === place.id),
  );
  if (at >= 0) return { at, exact: true };
  return { at: segments.findIndex((segment) => placesOf(segmentWords(segment), words).length > 0), exact: false };
}

/** What was found is drawn here, or null while it is not. */
export function placeOf(content: ParentNode, { place, words }: Sought): HTMLElement | null {
  const drawn = [...content.querySelectorAll<HTMLElement>("[data-block], [data-file]")];
  const exact = drawn.find(({ dataset }) => (place.place === "file" ? dataset["file"] === place.path : dataset["block"] === place.id));
  return exact ?? drawn.find((element) => placesOf(element.textContent, words).length > 0) ?? null;
}

/** Marks the words in an element, or where they are not drawn the element as a whole; gives what takes the marks away. */
export function mark(element: HTMLElement, words: string): () => void {
  const ranges = typeof Highlight === "function" && "highlights" in CSS ? rangesOf(element, words) : [];
  const marked = ranges.length > 0 ? new Highlight(...ranges) : null;
  if (marked !== null) CSS.highlights.set(name, marked);
  element.dataset["found"] = marked === null ? "whole" : "words";
  return () => {
    delete element.dataset["found"];
    // WebKit paints anew what is taken out of a highlight, not one that goes.
    marked?.clear();
    if (marked !== null && CSS.highlights.get(name) === marked) CSS.highlights.delete(name);
  };
}

function rangesOf(element: HTMLElement, words: string): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (const { from, to } of placesOf(node.nodeValue ?? "", words)) {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  }
  return ranges;
}
