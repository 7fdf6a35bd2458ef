import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Inline, Node } from "../../backend/bindings";
import { MemoryBackend } from "../../backend/memory";
import { sceneOf } from "../../backend/memory/scenes";
import { Session } from "../../state/session.svelte";
import Harness from "../../Harness.test.svelte";
import type { Artifact } from "../../backend/bindings";
import { leftBy, segmentsOf } from "./segments";
import { BlockEntity } from "../../state/entities.svelte";

const text = (words: string): Inline => ({ inline: "text", text: words });

function draw(nodes: Node[]): HTMLElement {
  const backend = new MemoryBackend(sceneOf("empty"));
  const session = new Session(backend, { visible: () => false, wait: () => Promise.resolve(), pixelRatio: () => 1 });
  return render(Harness, { props: { session, nodes } }).container;
}

const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

test("hostile text in every place of the tree stays text", () => {
  const container = draw([
    { node: "paragraph", content: [text(hostile), { inline: "code", text: hostile }, { inline: "image", alt: hostile }] },
    { node: "heading", level: 1, content: [text(hostile)] },
    { node: "code", language: hostile, text: hostile },
    { node: "list", start: 3, items: [{ ticked: true, content: [{ node: "paragraph", content: [text(hostile)] }] }] },
    { node: "quote", content: [{ node: "paragraph", content: [text(hostile)] }] },
    { node: "table", head: [[text(hostile)]], rows: [[[text(hostile)]]] },
  ]);
  expect(container.querySelectorAll("img, script, iframe, [onerror]")).toHaveLength(0);
  // Once for each of the ten places it was put into.
  expect(container.textContent?.split("onerror").length).toBe(10 + 1);
});

test("a link is a link only where its address is one that opens in a browser", () => {
  const link = (url: string): Node => ({ node: "paragraph", content: [{ inline: "link", url, content: [text("here")] }] });
  const container = draw(
    ["https://cursor.com", "mailto:a@b.c", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https://x"].map(link),
  );
  expect([...container.querySelectorAll("a")].map((a) => a.getAttribute("href"))).toEqual(["https://cursor.com", "mailto:a@b.c"]);
});

test("a heading of any level, and lists with and without numbers", () => {
  const container = draw([
    { node: "heading", level: 9, content: [text("deep")] },
    { node: "list", start: 4, items: [{ ticked: null, content: [{ node: "paragraph", content: [text("four")] }] }] },
  ]);
  expect(container.querySelector("h6")?.textContent.trim()).toBe("deep");
  expect(container.querySelector("ol")?.getAttribute("start")).toBe("4");
});

test("steps in a row stand together, timed from the prompt of their run", () => {
  const block = (id: string, at: number, kind: BlockEntity["block"]["kind"]): BlockEntity =>
    new BlockEntity({ id, order: at, run: null, at, kind });
  const step = { kind: "steps", step: { detail: { does: "thinks" }, state: "done" }, endedAt: 5 } as const;
  const blocks = [
    block("p1", 1, { kind: "prompt", text: "", shots: [] }),
    block("s1", 2, step),
    block("s2", 3, step),
    block("w", 4, { kind: "words", nodes: [] }),
    block("p2", 10, { kind: "prompt", text: "", shots: [] }),
    block("s3", 12, step),
  ];
  expect(
    segmentsOf(blocks).map((segment) =>
      segment.segment === "one" ? segment.key : [segment.blocks.map(({ id }) => id), segment.began],
    ),
  ).toEqual(["p1", [["s1", "s2"], 1], "w", "p2", [["s3"], 10]]);
});

test("what a run left stands under its reply, and what belongs nowhere at the end", () => {
  const block = (id: string, run: string, kind: BlockEntity["block"]["kind"]): BlockEntity =>
    new BlockEntity({ id, order: 0, run, at: 0, kind });
  const ended = { kind: "ended", ending: { ending: "finished" }, duration: null } as const;
  const segments = segmentsOf([
    block("p1", "one", { kind: "prompt", text: "", shots: [] }),
    block("w1", "one", { kind: "words", nodes: [] }),
    block("e1", "one", ended),
    block("p2", "two", { kind: "prompt", text: "", shots: [] }),
    block("w2", "two", { kind: "words", nodes: [] }),
    block("p3", "three", { kind: "prompt", text: "", shots: [] }),
    block("w3", "three", { kind: "words", nodes: [] }),
  ]);
  const artifact = (path: string, run: string | null): Artifact => ({
    path,
    run,
    bytes: 1,
    picture: null,
    here: false,
    coming: false,
  });
  const drawn = (artifacts: Artifact[], of = segments): [string, string[]][] => {
    const { before, rest } = leftBy(of, artifacts);
    const names = (some: readonly Artifact[]): string[] => some.map(({ path }) => path);
    return [...[...before].map(([key, some]): [string, string[]] => [key, names(some)]), ["end", names(rest)]];
  };
  expect(drawn([artifact("a", "one"), artifact("b", "two"), artifact("c", "three"), artifact("d", null), artifact("a", "two")])).toEqual([
    ["e1", ["a"]],
    ["p3", ["b", "a"]],
    ["end", ["c", "d"]],
  ]);
  expect(drawn([artifact("d", null)], segments.slice(0, 3))).toEqual([["e1", ["d"]], ["end", []]]);
});
