import { expect, test } from "vitest";
import type { ListFilter, ListSettings, Row } from "../backend/bindings";
import { RowEntity } from "./entities.svelte";
import { noFilter, plainList } from "./filters";
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
    createdAt: now,
    startedHere: true,
    pinned: false,
    unread: false,
    silence: null,
    reconnecting: false,
    archived: false,
    ...over,
  });

const options = { query: "", archived: false, repositoryWords: (url: string) => url };

type How = Partial<Omit<ListSettings, "filter">> & { filter?: Partial<ListFilter> };

const order = (rows: RowEntity[], { filter = {}, ...how }: How = {}): ReturnType<typeof sorted> =>
  sorted(rows, { list: { ...plainList, ...how, filter: { ...noFilter, ...filter } }, now, repositoryName: (url) => url.replace("https://", "") });

const lines = (rows: RowEntity[], over: Partial<typeof options> = {}, how: How = {}): string[] =>
  entriesOf(order(rows, how), { ...options, ...over }).entries.map((entry) => {
    if (entry.entry === "row") return entry.key;
    return `# ${typeof entry.section === "string" ? entry.section : entry.section.repository} ${entry.count.toString()}`;
  });

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
  expect(entriesOf(order(rows), options).hidden).toBe(1);
  expect(lines(rows)).toEqual(["# today 1", "Footer"]);
  expect(lines(rows, { archived: true })).toEqual(["# today 1", "Footer", "# archived 1", "Banner"]);
  expect(lines(rows, { query: "bann" })).toEqual(["# archived 1", "Banner"]);
});

test("a search looks for every word, in the title and the repository's names", () => {
  const rows = [row("Chart colors", { repository: "Shop website" }), row("Chart legend", { repository: "Docs" })];
  expect(lines(rows, { query: "shop CHART" })).toEqual(["# today 1", "Chart colors"]);
  expect(lines(rows, { query: "chart" })).toEqual(["# today 2", "Chart colors", "Chart legend"]);
});

const at = (month: number, day: number, hours = 12): number => new Date(2026, month - 1, day, hours).getTime();

const mixed = (): RowEntity[] => [
  row("asks", { group: "needsYou", state: { is: "asks", question: "" }, repository: "https://b" }),
  row("works", { group: "working", state: { is: "working", step: null }, repository: "https://a", startedHere: false }),
  row("draft", { group: "notSent", state: { is: "draft", pictures: 1, problem: null } }),
  row("request", { state: { is: "done", pullRequest: true }, repository: "https://a", at: at(11, 18, 0) }),
  row("plain", { repository: "https://a", at: at(11, 17, 23), startedHere: false }),
  row("failed", { state: { is: "failed", failure: { code: "runFailed", message: null } }, at: at(10, 26, 0) }),
  row("stopped", { state: { is: "stopped" }, repository: "https://b", at: at(10, 25, 23) }),
  row("unknown", { state: { is: "unknown" }, at: at(1, 1) }),
];

test.each<[why: string, filter: Partial<ListFilter>, left: string[]]>([
  ["nothing is left out", {}, ["asks", "works", "draft", "request", "plain", "failed", "stopped", "unknown"]],
  ["a question needs a person", { standing: "needsYou" }, ["asks"]],
  ["what runs is working", { standing: "working" }, ["works"]],
  ["a draft is not sent", { standing: "notSent" }, ["draft"]],
  ["a pull request is asked for by name", { standing: "pullRequest" }, ["request"]],
  ["what has a pull request is done, too", { standing: "done" }, ["request", "plain"]],
  ["failed is neither done nor stopped", { standing: "failed" }, ["failed"]],
  ["stopped is a state of its own", { standing: "stopped" }, ["stopped"]],
  ["a repository is its address", { repository: "https://a" }, ["works", "request", "plain"]],
  ["a repository that nothing is known of has no rows", { repository: "https://gone" }, []],
  ["started on this computer", { origin: "here" }, ["asks", "draft", "request", "failed", "stopped", "unknown"]],
  ["started on another", { origin: "elsewhere" }, ["works", "plain"]],
  ["today ends at midnight", { within: "today" }, ["asks", "works", "draft"]],
  ["seven days are today and six before, from midnight", { within: "week" }, ["asks", "works", "draft", "request"]],
  ["thirty days, over the end of summer time", { within: "month" }, ["asks", "works", "draft", "request", "plain", "failed"]],
  ["all that is chosen holds", { standing: "done", origin: "elsewhere", repository: "https://a" }, ["plain"]],
])("a filter: %s", (_, filter, left) => {
  const kept = lines(mixed(), {}, { filter }).filter((line) => !line.startsWith("#"));
  expect(kept.sort()).toEqual(left.sort());
});

test("what was made or changed in the time to come is of today", () => {
  expect(lines([row("ahead", { at: now + 9_000 * hour })], {}, { filter: { within: "today" } })).toEqual(["# today 1", "ahead"]);
});

test.each<[ListSettings["sort"], string[]]>([
  ["latest", ["b 10", "A 9", "a 2"]],
  ["newest", ["a 2", "b 10", "A 9"]],
  ["name", ["a 2", "A 9", "b 10"]],
])("rows are sorted by %s", (sort, keys) => {
  const rows = [
    row("A 9", { at: now - 2, createdAt: now - 9 }),
    row("b 10", { at: now - 1, createdAt: now - 8 }),
    row("a 2", { at: now - 3, createdAt: now - 7 }),
  ];
  expect(lines(rows, {}, { sort })).toEqual(["# today 3", ...keys]);
});

test("groups by repository stand by their names, those without one after them", () => {
  expect(lines(mixed(), {}, { groupBy: "repository" })).toEqual([
    "# https://a 3", "works", "request", "plain",
    "# https://b 2", "asks", "stopped",
    "# noRepository 3", "draft", "failed", "unknown",
  ]);
});

test("groups by day hold whatever changed then, whether it is done or not", () => {
  expect(lines([...mixed(), row("late", { at: at(11, 23, 23) })], {}, { groupBy: "day" })).toEqual([
    "# dayToday 3", "asks", "draft", "works",
    "# dayYesterday 1", "late",
    "# dayWeek 1", "request",
    "# dayMonth 2", "plain", "failed",
    "# dayEarlier 2", "stopped", "unknown",
  ]);
});

test.each(["need", "repository", "day"] as const)("what is pinned stands on top, grouped by %s, unless it is archived", (groupBy) => {
  const rows = [row("other", { group: "needsYou" }), row("pinned", { pinned: true, at: now - 900 * hour }), row("put away", { pinned: true, archived: true })];
  const [head, first] = lines(rows, {}, { groupBy });
  expect([head, first]).toEqual(["# pinned 1", "pinned"]);
});

test("rows are counted through, over all groups", () => {
  const { entries, count } = entriesOf(order(mixed()), options);
  const places = entries.flatMap((entry) => (entry.entry === "row" ? [entry.place] : []));
  expect([places, count]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], 8]);
});
