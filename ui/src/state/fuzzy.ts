// Finding by letters in order: `shpweb` finds `Shop website`. Pure.

/** What is looked through, made once for each text. */
export interface Candidate<Item> {
  item: Item;
  /** In small letters, as long as the text. */
  text: string;
  /** Which letters and digits are in it at all, one bit each. */
  letters: number;
}

/** In small letters and of the same length, so that places in it are places in the text. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  // A few capitals become two letters.
  return Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join("");
}

/** A bit for each of a-z; those beyond share the rest by their code. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    letters |= 1 << (code >= 97 && code <= 122 ? code - 97 : 26 + (code % 6));
  }
  return letters;
}

/** Makes texts ready to be looked through. */
export function candidatesOf<Item>(items: readonly Item[], textOf: (item: Item) => string): Candidate<Item>[] {
  return items.map((item) => {
    const text = lowered(textOf(item));
    return { item, text, letters: lettersOf(text) };
  });
}

/** The words of a query. */
const wordsOf = (query: string): string[] => lowered(query).split(/\s+/).filter(Boolean);

function atWordStart(text: string, index: number): boolean {
  if (index === 0) return true;
  const code = text.charCodeAt(index - 1);
  // Space, slash, underscore, dot, hyphen.
  return code <= 32 || code === 47 || code === 95 || code === 46 || code === 45;
}

/** How well one word fits, or null; higher is better. The places of its letters are added to `places`. */
function fitWord(text: string, word: string, places: number[] | null): number | null {
  const whole = text.indexOf(word);
  if (whole >= 0) {
    const start = atWordStart(text, whole) ? whole : startOfWord(text, word, whole);
    if (places !== null) for (let index = 0; index < word.length; index += 1) places.push(start + index);
    return 1_000 - start - text.length / 100 + (atWordStart(text, start) ? 200 : 0);
  }
  let score = 0;
  let from = 0;
  let previous = -2;
  for (let index = 0; index < word.length; index += 1) {
    const found = text.indexOf(word.charAt(index), from);
    if (found < 0) return null;
    score += found === previous + 1 ? 8 : 1;
    if (atWordStart(text, found)) score += 6;
    places?.push(found);
    previous = found;
    from = found + 1;
  }
  return score - text.length / 100;
}

/** The first place of a word at the start of one in the text, else the first of all. */
function startOfWord(text: string, word: string, first: number): number {
  for (let at = text.indexOf(word, first + 1); at >= 0; at = text.indexOf(word, at + 1)) {
    if (atWordStart(text, at)) return at;
  }
  return first;
}

/** How well a text in small letters fits all words, or null. */
function fitAll(text: string, words: readonly string[], places: number[] | null): number | null {
  let score = 0;
  for (const word of words) {
    const fits = fitWord(text, word, places);
    if (fits === null) return null;
    score += fits;
  }
  return score;
}

/** How well `text` fits `query`, or null when it does not; higher is better. */
export const fit = (text: string, query: string): number | null => fitAll(lowered(text), wordsOf(query), null);

/** A text in pieces, those of the query marked. */
export type Piece = readonly [text: string, marked: boolean];

/** Cuts a text where the letters of a query are. */
export function piecesOf(text: string, query: string): Piece[] {
  const places: number[] = [];
  const small = lowered(text);
  // A word that is not in this text was found in another of the same line.
  for (const word of wordsOf(query)) {
    const own: number[] = [];
    if (fitWord(small, word, own) !== null) places.push(...own);
  }
  const marked = new Set(places);
  const pieces: [string, boolean][] = [];
  for (let index = 0; index < text.length; ) {
    // Both halves of a letter beyond the first plane stay together.
    const letter = String.fromCodePoint(text.codePointAt(index) ?? 0);
    const is = marked.has(index);
    const last = pieces.at(-1);
    if (last?.[1] === is) last[0] += letter;
    else pieces.push([letter, is]);
    index += letter.length;
  }
  return pieces;
}

/** What was found for a query: the longer query that begins with it is looked for in that alone. */
export interface Found<Item> {
  query: string;
  /** All that fit, in the order they were given. */
  fits: readonly Candidate<Item>[];
  /** The best of them, best first. */
  best: Item[];
}

/** The best of those that fit, best first; what fits equally well keeps its order. */
export function search<Item>(candidates: readonly Candidate<Item>[], query: string, limit: number, before: Found<Item> | null = null): Found<Item> {
  const words = wordsOf(query);
  if (words.length === 0) return { query, fits: candidates, best: candidates.slice(0, limit).map(({ item }) => item) };
  const pool = before !== null && query.startsWith(before.query) ? before.fits : candidates;
  const letters = words.reduce((all, word) => all | lettersOf(word), 0);
  const fits: Candidate<Item>[] = [];
  const best: Item[] = [];
  const scores: number[] = [];
  for (const candidate of pool) {
    if ((candidate.letters & letters) !== letters) continue;
    const score = fitAll(candidate.text, words, null);
    if (score === null) continue;
    fits.push(candidate);
    // Only the best are kept in order: most of what fits one letter is never looked at.
    if (best.length === limit && score <= (scores[limit - 1] ?? 0)) continue;
    let [low, high] = [0, scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((scores[middle] ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    scores.splice(low, 0, score);
    best.splice(low, 0, candidate.item);
    if (best.length > limit) {
      scores.pop();
      best.pop();
    }
  }
  return { query, fits, best };
}

/** The items that fit, best first; those that fit equally well keep their order. */
export function found<Item>(items: readonly Item[], query: string, textOf: (item: Item) => string): Item[] {
  return query.trim() === "" ? [...items] : search(candidatesOf(items, textOf), query, Infinity).best;
}
