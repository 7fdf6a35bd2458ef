import { expect, test } from "vitest";
import type { Row } from "../backend/bindings";
import { RowEntity } from "./entities.svelte";
import { entriesOf, sorted } from "./groups";

const now = new Date(2026, 10, 24, 15, 0).getTime();
const hour = 3_600_000;

const row = (key: string, over: Partial<Row>): RowEntity =>
  new RowEntity({
    key,
    target: { open: "agent", id: key },
    group: "done",
    title: key,
    face: null,
    repository: null,
    state: { is: "done", pullRequest: false },
    at: now,
    unread: false,
    archived: false,
    ...over,
  });

const options = { query: "", archived: false, repositoryWords: (url: string) => url };

const lines = (rows: RowEntity[], over: Partial<typeof options> = {}): string[] =>
  entriesOf(sorted(rows, now), { ...options, ...over }).entries.map((entry) =>
    entry.entry === "head" ? `# ${entry.section} ${entry.count.toString()}` : entry.key,
  );

test("groups stand in their order, rows by time, and done is split by the local day", () => {
  const rows = [
    row("before midnight", { at: new Date(2026, 10, 23, 23, 59).getTime() }),
    row("after midnight", { at: new Date(2026, 10, 24, 0, 1).getTime() }),
    row("long ago", { at: now - 240 * hour }),
    row("older work", { group: "working", at: now - 2 * hour }),
    row("newer work", { group: "working", at: now - hour }),
    row("question", { group: "needsYou" }),
    row("draft", { group: "notSent", state: { is: "draft", pictures: 1, problem: null } }),
  ];
  expect(lines(rows)).toEqual([
    "# needsYou 1", "question",
    "# working 2", "newer work", "older work",
    "# notSent 1", "draft",
    "# today 1", "after midnight",
    "# yesterday 1", "before midnight",
    "# earlier 1", "long ago",
  ]);
});

test("an empty draft is not listed: it is what New opens", () => {
  const empty = row("empty", { group: "notSent", title: "", state: { is: "draft", pictures: 0, problem: null } });
  expect(lines([empty])).toEqual([]);
});

test("archived rows are counted, shown when asked for, and found by a search", () => {
  const rows = [row("Banner", { archived: true }), row("Footer", {})];
  expect(entriesOf(sorted(rows, now), options).hidden).toBe(1);
  expect(lines(rows)).toEqual(["# today 1", "Footer"]);
  expect(lines(rows, { archived: true })).toEqual(["# today 1", "Footer", "# archived 1", "Banner"]);
  expect(lines(rows, { query: "bann" })).toEqual(["# archived 1", "Banner"]);
});

test("a search looks for every word, in the title and the repository's names", () => {
  const rows = [row("Chart colors", { repository: "Shop website" }), row("Chart legend", { repository: "Docs" })];
  expect(lines(rows, { query: "shop CHART" })).toEqual(["# today 1", "Chart colors"]);
  expect(lines(rows, { query: "chart" })).toEqual(["# today 2", "Chart colors", "Chart legend"]);
});
