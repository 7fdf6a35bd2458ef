// The list on the left, as it is drawn: groups, their rows, and what the search leaves of them. Pure.

import type { ListSettings, Row } from "../backend/bindings";
import type { Named } from "../text/list";
import { daysAgo, type Days, daysOf, fits } from "./filters";
import type { RowEntity } from "./entities.svelte";
import { isEmptyDraft } from "./world.svelte";

/**
 * A group: one with a name of its own, or a repository by its address. By need *done* is split by day; `day…` are the
 * groups by day alone.
 */
export type Section = Named | { repository: string };

/** One line of the list. `place` counts the rows from 1, for those who hear the list. */
export type Entry =
  | { entry: "head"; key: string; section: Section; count: number }
  | { entry: "row"; key: string; section: Section; place: number; entity: RowEntity };

/** The groups with names, in their order; repositories stand before `noRepository`. */
const order: readonly Named[] = [
  "pinned", "needsYou", "working", "notSent", "today", "yesterday", "earlier",
  "dayToday", "dayYesterday", "dayWeek", "dayMonth", "dayEarlier", "noRepository", "archived",
];

/** How a list is put in order: what was chosen, the time, and what repositories are called. */
export interface Arrangement {
  list: ListSettings;
  /** Milliseconds since 1970. */
  now: number;
  repositoryName: (url: string) => string;
}

function byDay(row: Row, days: Days): Named {
  const ago = daysAgo(row.at, days);
  return ago === 0 ? "dayToday" : ago === 1 ? "dayYesterday" : ago < 7 ? "dayWeek" : ago < 30 ? "dayMonth" : "dayEarlier";
}

/** The group a row stands in. */
export function sectionOf(row: Row, list: ListSettings, days: Days): Section {
  if (row.archived) return "archived";
  if (row.pinned) return "pinned";
  if (list.groupBy === "day") return byDay(row, days);
  if (list.groupBy === "repository") return row.repository === null ? "noRepository" : { repository: row.repository };
  if (row.group !== "done") return row.group;
  const ago = daysAgo(row.at, days);
  return ago === 0 ? "today" : ago === 1 ? "yesterday" : "earlier";
}

const names = new Intl.Collator("en-US", { numeric: true, sensitivity: "base" });

/** Which of two rows comes first; those that are alike keep an order of their own, by key. */
function compare(sort: ListSettings["sort"]): (one: RowEntity, other: RowEntity) => number {
  const byKey = (one: RowEntity, other: RowEntity): number => (one.key < other.key ? -1 : 1);
  switch (sort) {
    case "latest": return (one, other) => other.row.at - one.row.at || byKey(one, other);
    case "newest": return (one, other) => other.row.createdAt - one.row.createdAt || byKey(one, other);
    case "name": return (one, other) => names.compare(one.row.title, other.row.title) || byKey(one, other);
  }
}

/** Rows by section, each section in order. */
export type Sorted = readonly (readonly [Section, readonly RowEntity[]])[];

const keyOf = (section: Section): string => (typeof section === "string" ? section : `repository:${section.repository}`);

/** Puts the rows that fit the filter in their sections. */
export function sorted(rows: readonly RowEntity[], { list, now, repositoryName }: Arrangement): Sorted {
  const days = daysOf(now);
  const found = new Map<string, [Section, RowEntity[]]>();
  for (const entity of rows) {
    const { row } = entity;
    if (isEmptyDraft(row) || !fits(row, list.filter, days)) continue;
    const section = sectionOf(row, list, days);
    const key = keyOf(section);
    const members = found.get(key);
    if (members === undefined) found.set(key, [section, [entity]]);
    else members[1].push(entity);
  }
  const inOrder = compare(list.sort);
  for (const [, members] of found.values()) members.sort(inOrder);
  const placeOf = (section: Section): number => order.indexOf(typeof section === "string" ? section : "noRepository") * 2 - (typeof section === "string" ? 0 : 1);
  const nameOf = (section: Section): string => (typeof section === "string" ? "" : repositoryName(section.repository));
  return [...found.values()].sort(
    ([one], [other]) => placeOf(one) - placeOf(other) || names.compare(nameOf(one), nameOf(other)) || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
}

export interface FilterOptions {
  /** What was typed into the search. */
  query: string;
  /** Whether archived rows are listed without a search. */
  archived: boolean;
  /** The words a row is found by, besides its title. */
  repositoryWords: (url: string) => string;
}

/** Whether every word of the query is in the row's title or repository. */
function matches(entity: RowEntity, needles: readonly string[], options: FilterOptions): boolean {
  if (entity.haystack === "") {
    const { title, repository } = entity.row;
    entity.haystack = `${title} ${repository === null ? "" : options.repositoryWords(repository)}`.toLowerCase();
  }
  return needles.every((needle) => entity.haystack.includes(needle));
}

/** The lines of the list, how many of them are rows, and how many archived rows are not among them. */
export function entriesOf(rows: Sorted, options: FilterOptions): { entries: Entry[]; count: number; hidden: number } {
  const needles = options.query.toLowerCase().split(/\s+/).filter(Boolean);
  const entries: Entry[] = [];
  let [count, hidden] = [0, 0];
  for (const [section, all] of rows) {
    if (needles.length === 0 && section === "archived" && !options.archived) {
      hidden = all.length;
      continue;
    }
    const members = needles.length === 0 ? all : all.filter((entity) => matches(entity, needles, options));
    if (members.length === 0) continue;
    entries.push({ entry: "head", key: `head:${keyOf(section)}`, section, count: members.length });
    for (const entity of members) entries.push({ entry: "row", key: entity.key, section, place: ++count, entity });
  }
  return { entries, count, hidden };
}
