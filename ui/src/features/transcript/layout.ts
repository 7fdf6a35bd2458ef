// Where the parts of a conversation stand: by their heights where they were drawn, by a guess where they were not. Pure.

/** A part, and how high it will be, in pixels, as long as it was not drawn. */
export interface Guessed {
  key: string;
  guess: number;
}

/** Parts that are drawn, the last not among them. */
export interface Range {
  from: number;
  to: number;
}

export class Layout {
  #parts: readonly Guessed[] = [];
  readonly #places = new Map<string, number>();
  readonly #measured = new Map<string, number>();
  /** The top of each part, and the bottom of the last. */
  #tops: number[] = [0];

  /** Between two parts are `gap` pixels, and below the last. */
  constructor(readonly gap: number) {}

  /** The height of all parts. */
  get height(): number {
    return this.#tops.at(-1) ?? 0;
  }

  /** Replaces the parts; what is known of those that stay is kept. */
  set(parts: readonly Guessed[]): void {
    this.#parts = parts;
    this.#places.clear();
    for (const [place, { key }] of parts.entries()) this.#places.set(key, place);
    for (const key of this.#measured.keys()) if (!this.#places.has(key)) this.#measured.delete(key);
    this.#add();
  }

  /** Notes how high parts are; tells whether any is not as it was taken for. */
  measure(heights: Iterable<readonly [key: string, height: number]>): boolean {
    let changed = false;
    for (const [key, height] of heights) {
      if (!this.#places.has(key) || this.#measured.get(key) === height) continue;
      this.#measured.set(key, height);
      changed = true;
    }
    if (changed) this.#add();
    return changed;
  }

  /** Forgets all heights: the conversation is of another width. */
  forget(): void {
    this.#measured.clear();
    this.#add();
  }

  /** The top of a part. */
  top(place: number): number {
    return this.#tops[place] ?? this.height;
  }

  /** The place of a part; -1 where it is none of these. */
  placeOf(key: string): number {
    return this.#places.get(key) ?? -1;
  }

  keyOf(place: number): string | undefined {
    return this.#parts[place]?.key;
  }

  /** The part at a height: the first below the top, the last above the bottom. */
  at(y: number): number {
    let [low, high] = [0, Math.max(0, this.#parts.length - 1)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The parts that reach into a stretch. */
  within(top: number, bottom: number): Range {
    if (this.#parts.length === 0) return { from: 0, to: 0 };
    return { from: this.at(top), to: this.at(bottom) + 1 };
  }

  #add(): void {
    const tops = [0];
    let top = 0;
    for (const { key, guess } of this.#parts) {
      top += (this.#measured.get(key) ?? guess) + this.gap;
      tops.push(top);
    }
    this.#tops = tops;
  }
}
