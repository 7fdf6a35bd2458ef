// Which rows of the list fit what was chosen. Pure.

import type { ListFilter, ListSettings, Row, Standing } from "../backend/bindings";

export const noFilter: ListFilter = { standing: null, repository: null, origin: null, within: null };

/** How the list is shown until something was chosen. */
export const plainList: ListSettings = { sort: "latest", groupBy: "need", filter: noFilter };

/** Local days, of which the first is today: the moments they begin, latest first. */
export type Days = readonly number[];

/** The first moment of the local day that `now` lies in. */
export function startOfDay(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** The last 30 days. A day that the clocks are changed in is longer or shorter than others. */
export function daysOf(now: number): Days {
  const days = [startOfDay(now)];
  while (days.length < 30) days.push(startOfDay((days.at(-1) ?? 0) - 1));
  return days;
}

/** How many days ago a moment lies: 0 is today, and also what is yet to come; 30 is anything before. */
export function daysAgo(at: number, days: Days): number {
  const index = days.findIndex((day) => at >= day);
  return index < 0 ? days.length : index;
}

/** Where a row stands, as people ask for it; none for what was never looked at. */
export function standingOf({ group, state }: Row): Standing | null {
  if (group !== "done") return group;
  switch (state.is) {
    case "done": return state.pullRequest ? "pullRequest" : "done";
    case "failed": return "failed";
    case "stopped": return "stopped";
    default: return null;
  }
}

const daysWithin = { today: 1, week: 7, month: 30 } as const;

/** Whether a row fits all that is chosen. What is done with a pull request is also just done. */
export function fits(row: Row, filter: ListFilter, days: Days): boolean {
  if (filter.standing !== null) {
    const standing = standingOf(row);
    if (standing !== filter.standing && !(filter.standing === "done" && standing === "pullRequest")) return false;
  }
  if (filter.repository !== null && row.repository !== filter.repository) return false;
  if (filter.origin !== null && row.startedHere !== (filter.origin === "here")) return false;
  return filter.within === null || daysAgo(row.at, days) < daysWithin[filter.within];
}

/** Whether anything is left out. */
export const isNarrowed = ({ standing, repository, origin, within }: ListFilter): boolean =>
  standing !== null || repository !== null || origin !== null || within !== null;
