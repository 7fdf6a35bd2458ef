// Which steps are unfolded, and what was told of them: a conversation draws only what is in sight, and what comes back into
// it looks as it was left.

import { SvelteSet } from "svelte/reactivity";
import type { CallDetail, StepCall } from "../../backend/bindings";

/** How many are kept. */
const most = 60;

/** The unfolded ones: blocks and calls by their place. */
export const unfolded = new SvelteSet<string>();

/** Folds or unfolds. */
export function turn(key: string): void {
  if (!unfolded.delete(key)) unfolded.add(key);
}

/** What was told last, the oldest forgotten first. */
export class Kept<Told> {
  readonly #told = new Map<string, Told>();

  get(key: string): Told | undefined {
    return this.#told.get(key);
  }

  put(key: string, told: Told): void {
    this.#told.delete(key);
    this.#told.set(key, told);
    const [oldest] = this.#told.keys();
    if (this.#told.size > most && oldest !== undefined) this.#told.delete(oldest);
  }
}

export const keptDetails = new Kept<CallDetail>();
export const keptCalls = new Kept<readonly StepCall[]>();

/** Asks until the answer is as new as what is drawn: what came in the last two seconds may not be on disk yet. Gives what
 * ends the asking. */
export function askUntil<Told>(ask: () => Promise<Told>, told: (answer: Told) => boolean, failed: (thrown: unknown) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const next = (left: number): void => {
    ask().then(
      (answer) => {
        if (!ended && !told(answer) && left > 0) timer = setTimeout(() => { next(left - 1); }, 1_200);
      },
      (thrown: unknown) => { if (!ended) failed(thrown); },
    );
  };
  next(3);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
