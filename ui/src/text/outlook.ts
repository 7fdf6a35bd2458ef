// What is said before something is sent: what it usually costs, and the user's own limits that were reached.

import type { Estimate, Limits } from "../backend/bindings";
import { page } from "./page";
import { money } from "./time";

/** What it usually costs here. */
export function estimateWords({ micros, runs }: Estimate): string {
  if (micros === 0) return page.usage.estimateFree(runs);
  return micros < 10_000 ? page.usage.estimateLess(runs) : page.usage.estimate(money(micros), runs);
}

/** The limit that was reached, of the day before that of the week; none where none was. */
export function reachedWords({ day, week }: Limits): string | null {
  if (day !== null) return page.usage.dayReached(money(day.spent), money(day.limit));
  return week === null ? null : page.usage.weekReached(money(week.spent), money(week.limit));
}
