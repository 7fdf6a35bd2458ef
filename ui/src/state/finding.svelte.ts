// Finding in conversations: asks the core a moment after the last key, and keeps the answer to the newest question only.

import type { Found, Hit, HitPlace } from "../backend/bindings";

/** Milliseconds after the last key before the core is asked. */
const rest = 120;

/** A place that was opened from a hit, and the words to be marked in it. */
export interface Sought {
  agent: string;
  place: HitPlace;
  words: string;
}

/** So many hits of an agent are shown; more would push those of others away. */
const few = 5;

/** The best hits of each agent below each other, where its best one stood, and how many more it has. */
function together(hits: readonly Hit[]): { shown: Hit[]; more: ReadonlyMap<string, number> } {
  const [agents, more] = [new Map<string, Hit[]>(), new Map<string, number>()];
  for (const hit of hits) {
    const known = agents.get(hit.agent) ?? [];
    if (known.length === few) more.set(hit.agent, (more.get(hit.agent) ?? 0) + 1);
    else agents.set(hit.agent, [...known, hit]);
  }
  return { shown: [...agents.values()].flat(), more };
}

export class Finding {
  /** What was found for the words asked last; what was there before stays until then. */
  hits: readonly Hit[] = $state.raw([]);
  /** How many more an agent has than are among them. */
  more: ReadonlyMap<string, number> = $state.raw(new Map());
  /** Whether the last answer could not be had. */
  failed = $state(false);
  /** Whether not everything could be looked at in time. */
  cut = $state(false);
  /** Whether an answer is awaited, of which nothing is known yet. */
  waiting = $state(false);
  /** What was opened last, until the search is cleared. */
  sought: Sought | null = $state.raw(null);
  #asked = "";
  #number = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly search: (words: string) => Promise<Found>) {}

  /** Looks for words; without any, what was found goes. */
  look(words: string): void {
    if (words.trim() === this.#asked.trim() && words.endsWith(" ") === this.#asked.endsWith(" ")) return;
    this.#asked = words;
    const number = ++this.#number;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (words.trim() === "") {
      this.hits = [];
      [this.failed, this.cut] = [false, false];
      this.waiting = false;
      this.sought = null;
      return;
    }
    this.waiting = true;
    this.#timer = setTimeout(() => void this.#ask(words, number), rest);
  }

  /** Remembers what a hit opens. */
  seek(hit: Hit): void {
    this.sought = { agent: hit.agent, place: hit.place, words: this.#asked };
  }

  async #ask(words: string, number: number): Promise<void> {
    let hits: readonly Hit[] = [];
    let [failed, cut] = [false, false];
    try {
      ({ hits, cut } = await this.search(words));
    } catch {
      failed = true;
    }
    // A newer question is under way: this answer is nobody's.
    if (number !== this.#number) return;
    ({ shown: this.hits, more: this.more } = together(hits));
    this.failed = failed;
    this.cut = cut;
    this.waiting = false;
  }

  /** Looks once more for the same words: what was read from the disk meanwhile is looked at faster. */
  again(): void {
    const words = this.#asked;
    this.#asked = "";
    this.look(words);
  }
}
