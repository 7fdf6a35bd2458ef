// What was used, for scenes: nothing, or thirty days of it.

import type { PartSpent, Spending, Spent } from "../bindings";

export const spentOf = (runs: number, micros: number): Spent => ({
  runs,
  input: runs * 12_000,
  output: runs * 3_000,
  cacheRead: runs * 40_000,
  cacheWrite: runs * 9_000,
  micros,
  unpriced: 0,
});

const dayBefore = (days: number): string => new Date(Date.UTC(2026, 10, 25) - days * 86_400_000).toISOString().slice(0, 10);

/** Thirty days on which nothing was used. */
export const nothingSpent = (): Spending => ({
  total: spentOf(0, 0),
  days: Array.from({ length: 30 }, (_, index) => ({ day: dayBefore(29 - index), spent: spentOf(0, 0) })),
  repositories: [],
  models: [],
  agents: [],
  outlook: { day: null, week: null },
});

/** Thirty days of work. */
export function muchSpent(repositories: readonly string[], agents: readonly { id: string; title: string }[]): Spending {
  const days = Array.from({ length: 30 }, (_, index) => {
    const runs = index % 7 > 4 ? 0 : ((index * 5) % 4) + (index === 29 ? 2 : 0);
    return { day: dayBefore(29 - index), spent: spentOf(runs, runs * 310_000 + (runs > 0 ? index * 9_000 : 0)) };
  });
  const runs = days.reduce((sum, { spent }) => sum + spent.runs, 0);
  const micros = days.reduce((sum, { spent }) => sum + spent.micros, 0);
  const shares = (names: readonly (string | null)[]): PartSpent[] =>
    names.map((of, index) => {
      const share = index === 0 ? 0.7 : 0.3 / (names.length - 1);
      return { of, title: null, spent: spentOf(Math.round(runs * share), Math.round(micros * share)) };
    });
  return {
    total: spentOf(runs, micros),
    days,
    repositories: shares(repositories),
    models: shares(["", "composer-2", null]),
    agents: shares(agents.map(({ id }) => id)).map((part, index) => ({ ...part, title: agents[index]?.title ?? null })),
    outlook: { day: null, week: null },
  };
}
