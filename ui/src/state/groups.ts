// The list on the left, as it is drawn: groups, their rows, and what the search leaves of them. Pure.

import type { Row } from "../backend/bindings";
import type { RowEntity } from "./entities.svelte";
import { isEmptyDraft } from "./world.svelte";

/** The groups as the user sees them: *done* is split by day. */
export type Section = "needsYou" | "working" | "notSent" | "today" | "yesterday" | "earlier" | "archived";

const sections: readonly Section[] = ["needsYou", "working", "notSent", "today", "yesterday", "earlier", "archived"];

/** One line of the list. */
export type Entry =
  | { entry: "head"; key: string; section: Section; count: number }
  | { entry: "row"; key: string; section: Section; entity: RowEntity };

/** The first moment of the local day that `now` lies in. */
export function startOfDay(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** The section a row stands in; `today` and `yesterday` are the first moments of those days. */
export function sectionOf(row: Row, today: number, yesterday: number): Section {
  if (row.archived) return "archived";
  if (row.group !== "done") return row.group;
  if (row.at >= today) return "today";
  return row.at >= yesterday ? "yesterday" : "earlier";
}

/** Rows by section, each section in order. */
export type Sorted = readonly (readonly [Section, readonly RowEntity[]])[];

/** Puts all rows in their sections, latest first. `now` is in milliseconds since 1970. */
export function sorted(rows: readonly RowEntity[], now: number): Sorted {
  const today = startOfDay(now);
  const yesterday = startOfDay(today - 1);
  const bySection = new Map<Section, RowEntity[]>(sections.map((section) => [section, []]));
  for (const entity of rows) {
    if (!isEmptyDraft(entity.row)) bySection.get(sectionOf(entity.row, today, yesterday))?.push(entity);
  }
  for (const members of bySection.values()) {
    members.sort((one, other) => other.row.at - one.row.at || (one.key < other.key ? -1 : 1));
  }
  return [...bySection];
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

/** The lines of the list, and how many archived rows are not among them. */
export function entriesOf(rows: Sorted, options: FilterOptions): { entries: Entry[]; hidden: number } {
  const needles = options.query.toLowerCase().split(/\s+/).filter(Boolean);
  const entries: Entry[] = [];
  let hidden = 0;
  for (const [section, all] of rows) {
    if (needles.length === 0 && section === "archived" && !options.archived) {
      hidden = all.length;
      continue;
    }
    const members = needles.length === 0 ? all : all.filter((entity) => matches(entity, needles, options));
    if (members.length === 0) continue;
    entries.push({ entry: "head", key: `head:${section}`, section, count: members.length });
    for (const entity of members) entries.push({ entry: "row", key: entity.key, section, entity });
  }
  return { entries, hidden };
}
