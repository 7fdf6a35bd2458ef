// The pull: one loop for each view, one call in flight, none while the page is hidden.

import type { Changes, View } from "./bindings";

/** What a feed needs from outside, so that tests can turn time and sight by hand. */
export interface FeedSurroundings {
  /** Asks for the changes. */
  ask: (since: number, view: View) => Promise<Changes>;
  /** Whether the page can be seen. */
  visible: () => boolean;
  /** Resolves after some milliseconds. */
  wait: (milliseconds: number) => Promise<void>;
}

/** Milliseconds until a call that failed is made again. */
export const retryAfter = 1_000;

/** Milliseconds between two answers that brought something: at most one a frame. */
const frame = 16;

/**
 * Follows one view. `start` and `stop` may be called again and again; the revision is kept, so that a view that is
 * opened again only brings what changed meanwhile.
 */
export class Feed {
  #since = 0;
  #running = false;
  #turn = 0;
  #asleep: (() => void) | null = null;

  constructor(
    readonly view: View,
    readonly apply: (changes: Changes) => void,
    readonly surroundings: FeedSurroundings,
    /** Told of every call that failed; it is made again either way. */
    readonly refused: (thrown: unknown) => void = () => undefined,
  ) {}

  /** Begins or resumes. A new turn is asked for at once: the shell takes the latest ask for what is on screen. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#turn += 1;
    void this.#loop(this.#turn);
  }

  /** Ends; an answer still under way is dropped, and its revision with it. */
  stop(): void {
    this.#running = false;
    this.#turn += 1;
    this.wake();
  }

  /** Says that the page may be visible again. */
  wake(): void {
    this.#asleep?.();
    this.#asleep = null;
  }

  async #loop(turn: number): Promise<void> {
    const { ask, visible, wait } = this.surroundings;
    while (turn === this.#turn) {
      if (!visible()) {
        await new Promise<void>((resolve) => {
          this.#asleep = resolve;
        });
        continue;
      }
      try {
        const changes = await ask(this.#since, this.view);
        if (turn !== this.#turn) return;
        this.#since = changes.revision;
        if (changes.whole || changes.updates.length > 0) {
          this.apply(changes);
          await wait(frame);
        }
      } catch (thrown) {
        if (turn !== this.#turn) return;
        this.refused(thrown);
        await wait(retryAfter);
      }
    }
  }
}
