// What looks like a key in words that are being written: asked about once, and answered by the user before it is sent.
// The values stay in here and in the words; what is fine is forgotten with the draft.

import type { KeyKind, KeyShape } from "../backend/bindings";

/** Milliseconds without a key until the words are looked at. */
export const lookAfter = 250;

/** A value that looks like a key. However often it stands in the words, it is one question. */
export interface Finding {
  kind: KeyKind;
  value: string;
}

/** A place in the words, in UTF-16 units. */
export interface Place {
  from: number;
  to: number;
}

/** The different values at the places that were found. */
export function findingsOf(text: string, shapes: readonly KeyShape[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const { from, to, kind } of shapes) {
    const value = text.slice(from, to);
    if (value !== "" && !found.has(value)) found.set(value, { kind, value });
  }
  return [...found.values()];
}

/** Where values stand in the words, in order: what was written before them since moves them. */
export function placesOf(text: string, values: readonly string[]): Place[] {
  const places: Place[] = [];
  for (const value of values) {
    for (let from = text.indexOf(value); from >= 0; from = text.indexOf(value, from + value.length)) {
      places.push({ from, to: from + value.length });
    }
  }
  places.sort((one, other) => one.from - other.from || other.to - one.to);
  // A shorter value may stand within a longer one.
  return places.filter(({ from }, index) => places.slice(0, index).every((before) => before.to <= from));
}

export class Secrets {
  #found: readonly Finding[] = $state.raw([]);
  #fine: readonly string[] = $state.raw([]);
  readonly #told = new Set<string>();
  /** Whether Send waits for an answer: the first question takes the focus. */
  asking = $state(false);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #looked: string | null = null;
  #count = 0;

  constructor(readonly look: (text: string) => Promise<readonly KeyShape[]>) {}

  /** What is not answered of it, as long as it stands in the words. */
  open(text: string): Finding[] {
    return this.#found.filter(({ value }) => !this.#fine.includes(value) && text.includes(value));
  }

  /** Those of them that were not given by this before. */
  untold(findings: readonly Finding[]): Finding[] {
    const untold = findings.filter(({ value }) => !this.#told.has(value));
    for (const { value } of untold) this.#told.add(value);
    return untold;
  }

  /** The words changed: they are looked at when the user rests. */
  rest(text: string): void {
    this.leave();
    if (text === this.#looked) return;
    this.#timer = setTimeout(() => void this.check(text), lookAfter);
  }

  /** The page is left: what was not looked at yet is looked at before it is sent. */
  leave(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Looks at the words now; resolves to what is not answered. */
  async check(text: string): Promise<Finding[]> {
    this.#count += 1;
    const count = this.#count;
    let found: Finding[] = [];
    try {
      found = text.trim() === "" ? [] : findingsOf(text, await this.look(text));
    } catch {
      // The shell is gone then, and nothing can be sent either: sending says so.
    }
    if (count === this.#count) {
      this.#found = found;
      this.#looked = text;
    }
    return found.filter(({ value }) => !this.#fine.includes(value));
  }

  /** The user says that a value may be sent. */
  accept(value: string): void {
    this.#fine = [...this.#fine, value];
  }
}
