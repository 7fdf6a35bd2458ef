import { render } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Inline, Node } from "../../backend/bindings";
import { MemoryBackend } from "../../backend/memory";
import { sceneOf } from "../../backend/memory/scenes";
import { Item } from "../../state/item.svelte";
import { Session } from "../../state/session.svelte";
import { failureWords } from "../../text/failure";
import { names } from "../../text/names";
import { page } from "../../text/page";
import { codePieces } from "./colors";
import { exportItems } from "./exporting";
import Harness from "../../Harness.test.svelte";
import type { Artifact } from "../../backend/bindings";
import { leftBy, segmentsOf } from "./segments";
import { BlockEntity } from "../../state/entities.svelte";

const text = (words: string): Inline => ({ inline: "text", text: words });

const draw = (nodes: Node[]): HTMLElement => drawn(nodes).container;

function drawn(nodes: Node[]): { container: HTMLElement; backend: MemoryBackend; session: Session } {
  const backend = new MemoryBackend(sceneOf("empty"));
  const session = new Session(backend, { visible: () => false, wait: () => Promise.resolve(), pixelRatio: () => 1 });
  return { container: render(Harness, { props: { session, nodes } }).container, backend, session };
}

const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

test("hostile text in every place of the tree stays text", () => {
  const container = draw([
    { node: "paragraph", content: [text(hostile), { inline: "code", text: hostile }, { inline: "image", alt: hostile, source: null }] },
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
  const step = { kind: "steps", step: { detail: { does: "thinks" }, state: "done" }, endedAt: 5, calls: null } as const;
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

test("a list that comes in parts goes on with the one above, and other lists begin anew", () => {
  const list = (start: number | null): Node => ({ node: "list", start, items: [] });
  const words = (id: string, ...nodes: Node[]): BlockEntity =>
    new BlockEntity({ id, order: 1, run: null, at: 1, kind: { kind: "words", nodes } });
  const step = { kind: "steps", step: { detail: { does: "thinks" }, state: "done" }, endedAt: 5, calls: null } as const;
  const blocks = [
    words("first", { node: "paragraph", content: [] }, list(null)),
    words("goes on", list(null)),
    words("numbered", list(1)),
    words("goes on numbered", list(7), { node: "paragraph", content: [] }),
    words("after a paragraph", list(9)),
    new BlockEntity({ id: "step", order: 1, run: null, at: 1, kind: step }),
    words("after a step", list(12)),
  ];
  const going = segmentsOf(blocks).filter((segment) => segment.segment === "one" && segment.continues);
  expect(going.map(({ key }) => key)).toEqual(["goes on", "goes on numbered"]);
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

test("code is drawn in colors, and all of it is there", async () => {
  const code = "const a = 1;\nexport class B {}";
  const container = draw([{ node: "code", language: "ts", text: code }]);
  expect(container.querySelector("code")?.textContent).toBe(code);
  await vi.waitFor(() => { expect(container.querySelectorAll("code .keyword")).toHaveLength(3); });
  expect(container.querySelector("code")?.textContent).toBe(code);
});

test("pieces of code are the code, whatever was colored of it", () => {
  const joined = (code: string, runs: Parameters<typeof codePieces>[1]): string => codePieces(code, runs).map(({ text: piece }) => piece).join("");
  expect([joined("let a;", [["keyword", 3]]), joined("le", [["keyword", 3], ["plain", 9]]), joined("x", [])]).toEqual(["let a;", "le", "x"]);
});

test("a picture from elsewhere is fetched when it is asked for, and not before", async () => {
  const source = { url: "https://raw.githubusercontent.com/a/b/c.png", host: "raw.githubusercontent.com" };
  const { container, backend, session } = drawn([{ node: "paragraph", content: [{ inline: "image", alt: "The page", source }] }]);
  session.item = new Item({ view: "agent", id: "bc-1" }, () => Promise.resolve());
  const asked: string[] = [];
  const fetched = backend.outsidePicture.bind(backend);
  backend.outsidePicture = (agent, url) => {
    asked.push(`${agent} ${url}`);
    return fetched(agent, url);
  };
  const button = container.querySelector("button");
  expect([container.querySelectorAll("img").length, button?.textContent, asked]).toEqual([
    0,
    expect.stringContaining("Show from raw.githubusercontent.com"),
    [],
  ]);
  button?.click();
  await vi.waitFor(() => { expect(container.querySelector("img")?.getAttribute("alt")).toBe("The page"); });
  expect([asked, container.querySelector("img")?.src.includes("githubusercontent")]).toEqual([[`bc-1 ${source.url}`], false]);
});

test("a picture that does not come says why and can be asked for again", async () => {
  const source = { url: "https://cursor.com/gone.png", host: "cursor.com" };
  const { container, session } = drawn([{ node: "paragraph", content: [{ inline: "image", alt: "", source }] }]);
  session.item = new Item({ view: "agent", id: "bc-1" }, () => Promise.resolve());
  container.querySelector("button")?.click();
  await vi.waitFor(() => { expect(container.textContent).toContain(failureWords({ code: "notFound" }).text); });
  expect(container.querySelector("button")?.textContent).toContain("Show from cursor.com");
});

test("the menu saves all of an agent, or its latest run", async () => {
  const { backend, session } = drawn([]);
  const asked: unknown[] = [];
  backend.exportConversation = (...all: unknown[]) => {
    asked.push(all);
    return Promise.resolve(true);
  };
  expect(exportItems(session, "bc-1", [{ id: "one" }]).map(({ label }) => label)).toEqual([names.exportHtml, names.exportMarkdown]);
  for (const item of exportItems(session, "bc-1", [{ id: "one" }, { id: "two" }])) item.choose();
  await vi.waitFor(() => { expect(session.said).toBe(page.follow.saved); });
  expect(asked).toEqual([["bc-1", null, "html"], ["bc-1", null, "markdown"], ["bc-1", "two", "html"]]);
});
