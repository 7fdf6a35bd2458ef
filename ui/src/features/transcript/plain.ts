// The words of a transcript as they are read, to find something in them and to guess how high they are.

import { untrack } from "svelte";
import type { Inline, Node } from "../../backend/bindings";
import type { BlockEntity } from "../../state/entities.svelte";
import { stepWords } from "../../text/step";
import type { Segment } from "./segments";

const lineOf = (content: readonly Inline[]): string =>
  content
    .map((piece) => {
      switch (piece.inline) {
        case "text":
        case "code":
          return piece.text;
        case "emphasis":
        case "strong":
        case "struck":
        case "link":
          return lineOf(piece.content);
        case "image":
          return piece.alt;
        case "break":
          return "\n";
      }
    })
    .join("");

/** The words of blocks of markdown, a line for each of theirs. */
function wordsOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      switch (node.node) {
        case "paragraph":
        case "heading":
          return lineOf(node.content);
        case "code":
          return node.text;
        case "list":
          return node.items.map((item) => wordsOf(item.content)).join("\n");
        case "quote":
          return wordsOf(node.content);
        case "table":
          return [node.head, ...node.rows].map((row) => row.map(lineOf).join("\n")).join("\n");
        case "rule":
          return "";
      }
    })
    .join("\n");
}

function blockWords({ block: { kind } }: BlockEntity): string {
  switch (kind.kind) {
    case "prompt":
      return kind.text;
    case "words":
      return wordsOf(kind.nodes);
    case "steps": {
      const { text, code } = stepWords(kind.step);
      return code === undefined ? text : `${text} ${code}`;
    }
    case "ended":
    case "gap":
      return "";
  }
}

/** The words of a part. */
export function segmentWords(segment: Segment): string {
  return segment.segment === "steps" ? segment.blocks.map(blockWords).join("\n") : blockWords(segment.entity);
}

/** Of blocks that were looked at once: what grows is drawn, and its height known. */
const guesses = new WeakMap<BlockEntity, number>();

/** How high a part will be, in pixels, by what stands in it when it is first asked for. */
export function guessHeight(segment: Segment): number {
  if (segment.segment === "steps") return segment.blocks.length * 30;
  const known = guesses.get(segment.entity);
  if (known !== undefined) return known;
  const guess = untrack(() => guessOf(segment));
  guesses.set(segment.entity, guess);
  return guess;
}

/** A line is taken for some ninety characters. */
function guessOf(segment: Segment & { segment: "one" }): number {
  const { kind } = segment.entity.block;
  if (kind.kind === "ended" || kind.kind === "gap") return 20;
  let lines = 0;
  for (const line of segmentWords(segment).split("\n")) lines += Math.max(1, Math.ceil(line.length / 90));
  const pictures = kind.kind === "prompt" && kind.shots.length > 0 ? 180 : 0;
  return lines * 24 + (kind.kind === "prompt" ? 30 : 0) + pictures;
}
