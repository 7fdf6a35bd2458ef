// Finding in the conversations of a scene: whole words or their beginnings, without the order of the core.

import type { Agent, Block, Found, Hit, Inline, Node } from "../bindings";

const inline = (content: readonly Inline[]): string =>
  content.map((piece) => ("content" in piece ? inline(piece.content) : "text" in piece ? piece.text : " ")).join("");

const wordsOf = (nodes: readonly Node[]): string =>
  nodes
    .map((node) => {
      switch (node.node) {
        case "paragraph":
        case "heading":
          return inline(node.content);
        case "code":
          return node.text;
        case "list":
          return node.items.map(({ content }) => wordsOf(content)).join("\n");
        case "quote":
          return wordsOf(node.content);
        case "table":
          return [node.head, ...node.rows].map((row) => row.map(inline).join(" ")).join("\n");
        case "rule":
          return "";
      }
    })
    .join("\n");

function textOf({ kind }: Block): string {
  if (kind.kind === "prompt") return kind.text;
  if (kind.kind === "words") return wordsOf(kind.nodes);
  if (kind.kind !== "steps") return "";
  const { detail } = kind.step;
  if ("command" in detail) return detail.command;
  return "name" in detail ? (detail.name ?? "") : "";
}

function hitOf(agent: Agent, text: string, place: Hit["place"], run: string | null, at: number, asked: readonly string[]): Hit | null {
  const lower = text.toLowerCase();
  if (!asked.every((word) => lower.includes(word))) return null;
  const from = lower.indexOf(asked[0] ?? "");
  const to = from + (asked[0]?.length ?? 0);
  const pieces = [
    { text: text.slice(Math.max(0, from - 30), from), found: false },
    { text: text.slice(from, to), found: true },
    { text: text.slice(to, to + 90), found: false },
  ];
  return { agent: agent.id, title: agent.title, run, place, at, snippet: pieces.filter((piece) => piece.text !== "") };
}

/** What is found in agents and their blocks, the newest first. */
export function found(agents: readonly (readonly [Agent, readonly Block[]])[], words: string): Found {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return { hits: [], cut: false };
  const hits = agents.flatMap(([agent, blocks]) => [
    ...blocks.map((block) => hitOf(agent, textOf(block), { place: "block", id: block.id }, block.run, block.at, asked)),
    ...agent.artifacts.map(({ path, run }) => hitOf(agent, path, { place: "file", path }, run, agent.createdAt, asked)),
  ]);
  const here = hits.filter((hit) => hit !== null).sort((one, other) => other.at - one.at);
  return { hits: here.slice(0, 50), cut: false };
}
