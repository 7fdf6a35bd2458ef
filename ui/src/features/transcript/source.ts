// A reply as markdown again, to be copied: the tree is all that the page has of it. Pure.

import type { Inline, Node } from "../../backend/bindings";

/** A fence that the text does not hold itself. */
function fence(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest === 0 ? least : Math.max(least, longest + 1));
}

/** Text that reads as itself: what would be markup within a line stands behind a backslash. */
const literal = (text: string): string => text.replace(/[\\`*[\]<~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");

/** What would make the beginning of a paragraph something else. */
const began = (text: string): string =>
  text.replace(/^( *)([#>+=|-]|\d+(?=[.)]))/gm, (_, space: string, sign: string) =>
    /\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
  );

function code(text: string): string {
  const ticks = fence(text, 1);
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

function line(content: readonly Inline[]): string {
  return content
    .map((piece) => {
      switch (piece.inline) {
        case "text":
          return literal(piece.text);
        case "code":
          return code(piece.text);
        case "emphasis":
          return `*${line(piece.content)}*`;
        case "strong":
          return `**${line(piece.content)}**`;
        case "struck":
          return `~~${line(piece.content)}~~`;
        case "link":
          return `[${line(piece.content)}](<${piece.url.replace(/[<>\\\n]/g, encodeURIComponent)}>)`;
        case "image":
          return literal(piece.alt);
        case "break":
          return "\n";
      }
    })
    .join("");
}

const cells = (row: readonly (readonly Inline[])[]): string =>
  `| ${row.map((cell) => line(cell).replaceAll("\n", " ").replaceAll("|", "\\|")).join(" | ")} |`;

/** Each line but the first behind so many spaces. */
const indented = (text: string, by: number): string => text.replace(/\n(?=.)/g, `\n${" ".repeat(by)}`);

/** The markdown of blocks. */
export function sourceOf(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      switch (node.node) {
        case "paragraph":
          return began(line(node.content));
        case "heading":
          return `${"#".repeat(node.level)} ${line(node.content).replaceAll("\n", " ")}`;
        case "code": {
          const ticks = fence(node.text, 3);
          return `${ticks}${node.language}\n${node.text.replace(/\n$/, "")}\n${ticks}`;
        }
        case "list":
          return node.items
            .map((item, place) => {
              const sign = node.start === null ? "- " : `${(node.start + place).toString()}. `;
              const box = item.ticked === null ? "" : item.ticked ? "[x] " : "[ ] ";
              return sign + box + indented(sourceOf(item.content), sign.length);
            })
            .join("\n");
        case "quote":
          return sourceOf(node.content).replace(/^/gm, "> ");
        case "table":
          return [cells(node.head), `|${" --- |".repeat(node.head.length)}`, ...node.rows.map(cells)].join("\n");
        case "rule":
          return "---";
      }
    })
    .join("\n\n");
}
