// Finding by letters in order: `shpweb` finds `Shop website`. Pure.

/** How well `text` fits `query`, or null when it does not; higher is better. */
export function fit(text: string, query: string): number | null {
  const haystack = text.toLowerCase();
  const needle = query.toLowerCase().replace(/\s+/g, "");
  if (needle === "") return 0;
  const whole = haystack.indexOf(needle);
  if (whole >= 0) return 1_000 - whole - haystack.length / 100 + (atWordStart(haystack, whole) ? 200 : 0);
  let score = 0;
  let from = 0;
  let previous = -2;
  for (const letter of needle) {
    const found = haystack.indexOf(letter, from);
    if (found < 0) return null;
    score += found === previous + 1 ? 8 : 1;
    if (atWordStart(haystack, found)) score += 6;
    previous = found;
    from = found + 1;
  }
  return score - haystack.length / 100;
}

function atWordStart(text: string, index: number): boolean {
  return index === 0 || /[\s/_.-]/.test(text[index - 1] ?? "");
}

/** The items that fit, best first; those that fit equally well keep their order. */
export function found<Item>(items: readonly Item[], query: string, textOf: (item: Item) => string): Item[] {
  if (query.trim() === "") return [...items];
  return items
    .map((item, index) => ({ item, index, score: fit(textOf(item), query) }))
    .filter((candidate): candidate is { item: Item; index: number; score: number } => candidate.score !== null)
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .map(({ item }) => item);
}
