import { expect, test } from "vitest";
import type { Inline, Node } from "../../backend/bindings";
import { sourceOf } from "./source";

const text = (words: string): Inline => ({ inline: "text", text: words });
const paragraph = (...content: Inline[]): Node => ({ node: "paragraph", content });

test("a reply is markdown again, with all that stood in it", () => {
  const nodes: Node[] = [
    { node: "heading", level: 2, content: [text("What I did")] },
    paragraph(text("It is "), { inline: "strong", content: [text("done")] }, text(", see "), {
      inline: "link",
      url: "https://a.test/x",
      content: [{ inline: "code", text: "a.css" }],
    }),
    {
      node: "list",
      start: 3,
      items: [
        { ticked: null, content: [paragraph(text("one")), { node: "code", language: "ts", text: "let a;\n\nlet b;\n" }] },
        { ticked: true, content: [paragraph(text("two"))] },
      ],
    },
    { node: "quote", content: [paragraph(text("a"), { inline: "break" }, text("b"))] },
    { node: "table", head: [[text("x|y")], [text("z")]], rows: [[[text("1")], [text("2")]]] },
    { node: "rule" },
  ];
  expect(sourceOf(nodes)).toBe(
    [
      "## What I did",
      "It is **done**, see [`a.css`](<https://a.test/x>)",
      "3. one\n\n   ```ts\n   let a;\n\n   let b;\n   ```\n4. [x] two",
      "> a\n> b",
      "| x\\|y | z |\n| --- | --- |\n| 1 | 2 |",
      "---",
    ].join("\n\n"),
  );
});

test.each([
  ["*not* <b>bold</b> [x](y)", "\\*not\\* \\<b>bold\\</b> \\[x\\](y)"],
  ["snake_case and _this_", "snake_case and \\_this\\_"],
  ["# no heading", "\\# no heading"],
  ["1. no list", "1\\. no list"],
])("words stay words: %s", (words, expected) => {
  expect(sourceOf([paragraph(text(words))])).toBe(expected);
});

test("code is fenced by more than it holds", () => {
  expect(sourceOf([{ node: "code", language: "", text: "```\nx" }, paragraph({ inline: "code", text: "`a" })])).toBe(
    "````\n```\nx\n````\n\n`` `a ``",
  );
});
