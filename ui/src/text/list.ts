// The words of the list: its groups, and what it can be narrowed to and sorted by.

import type { ListGrouping, ListSort, Origin, Standing, Within } from "../backend/bindings";

/** What stands over a group with a name of its own. */
export const sections = {
  pinned: "Pinned",
  needsYou: "Needs you",
  working: "Working",
  notSent: "Not sent yet",
  today: "Done today",
  yesterday: "Yesterday",
  earlier: "Earlier",
  dayToday: "Today",
  dayYesterday: "Yesterday",
  dayWeek: "Last 7 days",
  dayMonth: "Last 30 days",
  dayEarlier: "Earlier",
  noRepository: "No repository",
  archived: "Archived",
} as const;

/** A group with a name of its own. */
export type Named = keyof typeof sections;

/** What stands over a group of the list. */
export const sectionName = (section: Named | { repository: string }, repositoryName: (url: string) => string): string =>
  typeof section === "string" ? sections[section] : repositoryName(section.repository);

/** Where a row stands. */
export const standings: Record<Standing, string> = {
  needsYou: "Needs you",
  working: "Working",
  notSent: "Not sent yet",
  pullRequest: "Pull request ready",
  done: "Done",
  failed: "Failed",
  stopped: "Stopped",
};

/** Where it was started. */
export const origins: Record<Origin, string> = { here: "Here", elsewhere: "Elsewhere" };

/** The same where it stands by itself. */
export const originsAlone: Record<Origin, string> = { here: "Started here", elsewhere: "Started elsewhere" };

/** When it last changed. */
export const withins: Record<Within, string> = { today: "Today", week: "7 days", month: "30 days" };

/** The same where it stands by itself. */
export const withinsAlone: Record<Within, string> = { today: "Changed today", week: "Changed in 7 days", month: "Changed in 30 days" };

/** The orders of the list. */
export const sorts: Record<ListSort, string> = { latest: "Latest activity", newest: "Newest", name: "Name" };

/** What makes its groups. */
export const groupings: Record<ListGrouping, string> = { need: "What it needs", repository: "Repository", day: "Day" };
