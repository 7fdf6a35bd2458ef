// What agents say in scenes.

import type { Block, BlockKind, Node, StepCalls, StepDetail } from "../bindings";
import { second } from "./made";
import { type Drawing, shot } from "./pictures";

export const paragraph = (...content: (string | { code: string } | { strong: string })[]): Node => ({
  node: "paragraph",
  content: content.map((piece) => {
    if (typeof piece === "string") return { inline: "text", text: piece };
    if ("code" in piece) return { inline: "code", text: piece.code };
    return { inline: "strong", content: [{ inline: "text", text: piece.strong }] };
  }),
});

/** The calls that a step stands for; what an agent thinks is none. */
export const foldedBy = (detail: StepDetail, first: string): StepCalls | null =>
  detail.does === "thinks" ? null : { first, count: "count" in detail ? detail.count : 1 };

/** Writes a transcript; every line takes place some seconds after its beginning. */
export class Script {
  readonly blocks: Block[] = [];
  #run = 1;
  #at: number;
  constructor(
    readonly agent: string,
    readonly begin: number,
  ) {
    this.#at = begin;
  }
  add(kind: BlockKind, after = 0): this {
    const order = this.blocks.length;
    this.blocks.push({
      id: `${this.agent}-${order.toString()}`,
      order,
      run: `${this.agent}-run-${this.#run.toString()}`,
      at: this.begin + after * second,
      kind,
    });
    this.#at = this.begin + after * second;
    return this;
  }
  prompt(text: string, shots: Drawing[] = [], after = 0): this {
    return this.add({ kind: "prompt", text, shots: shots.map((drawing) => shot(drawing, 320_000)) }, after);
  }
  step(detail: StepDetail, from: number, to: number | null): this {
    return this.add(
      {
        kind: "steps",
        step: { detail, state: to === null ? "running" : "done" },
        endedAt: to === null ? null : this.begin + to * second,
        calls: foldedBy(detail, `call-${this.blocks.length.toString()}`),
      },
      from,
    );
  }
  words(...nodes: Node[]): this {
    return this.add({ kind: "words", nodes }, (this.#at - this.begin) / second);
  }
  ended(kind: Extract<BlockKind, { kind: "ended" }>["ending"], took: number | null, after: number): this {
    this.add({ kind: "ended", ending: kind, duration: took }, after);
    this.#run += 1;
    return this;
  }
}

export const edits = (name: string, added: number, removed: number): StepDetail => ({ does: "edits", name, added, removed });

export const signInReply: Node[] = [
  paragraph(
    "The button had a fixed left margin from an older layout. I removed it, made the form a single column below ",
    { strong: "480 px" },
    ", and raised the link’s contrast to ",
    { strong: "4.9 : 1" },
    ".",
  ),
];

export function signInScript(begin: number, over: boolean): Script {
  const script = new Script("bc-sign-in", begin)
    .prompt("Center this button under the fields, same width. The link below is too pale to read.", ["signIn"])
    .step({ does: "reads", count: 6, name: "sign-in.tsx" }, 4, 12)
    .step(edits("sign-in.css", 12, 3), 20, 31)
    .step({ does: "captures" }, 40, 48)
    .step({ does: "tests", command: "npm test" }, 55, over ? 96 : null)
    .words(...signInReply);
  if (over) {
    script
      .words(
        { node: "heading", level: 3, content: [{ inline: "text", text: "What changed" }] },
        {
          node: "list",
          start: null,
          items: [
            { ticked: null, content: [paragraph({ code: "sign-in.css" }, " no longer sets a margin on the button")] },
            { ticked: null, content: [paragraph("The fields and the button share one width")] },
            { ticked: null, content: [paragraph("All 48 tests pass")] },
          ],
        },
        {
          node: "code",
          language: "css",
          text: ".sign-in button {\n  width: 100%;\n  margin-inline: 0;\n}",
        },
      )
      .ended({ ending: "finished" }, 184_000, 184);
  }
  return script;
}
