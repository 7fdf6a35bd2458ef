// Words as outlines, as the core shapes them: asked for once, and kept.

import { SvelteMap } from "svelte/reactivity";
import type { TextShape } from "../backend/bindings";
import { lineHeight, type Measure } from "./marks/geometry";

/** Shapes that are kept: as many as a picture can have marks, for one that is shown and dropped would be asked for again. */
export const most = 10_000;

export class Shapes {
  readonly #known = new SvelteMap<string, TextShape>();
  readonly #asked = new Set<string>();

  constructor(readonly ask: (text: string, bold: boolean) => Promise<TextShape>) {}

  /** The shape of words at a font size of 1; null until it is here. */
  get(text: string, bold: boolean): TextShape | null {
    const key = `${bold ? "bold" : "plain"}:${text}`;
    const known = this.#known.get(key);
    if (known === undefined && !this.#asked.has(key)) void this.#bring(key, text, bold);
    return known ?? null;
  }

  async #bring(key: string, text: string, bold: boolean): Promise<void> {
    this.#asked.add(key);
    try {
      const shape = await this.ask(text, bold);
      const [oldest] = this.#known.keys();
      if (this.#known.size >= most && oldest !== undefined) this.#known.delete(oldest);
      this.#known.set(key, shape);
    } catch {
      // Asked for again the next time it is drawn; the mark itself is kept by the core.
    } finally {
      this.#asked.delete(key);
    }
  }

  /** The size of words; a guess until they are shaped. */
  readonly measure: Measure = (text) => {
    const shape = this.get(text, false);
    if (shape !== null) return { width: shape.width, height: shape.height };
    const lines = text.split("\n");
    return { width: Math.max(...lines.map(({ length }) => length)) * 0.6, height: lines.length * lineHeight };
  };
}
