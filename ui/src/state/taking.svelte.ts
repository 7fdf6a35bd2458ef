// What is being taken into composers: pastes, picks and drops, and what was refused of them, each where it belongs.

import { type Backend, failureOf } from "../backend/backend";
import type { Failure, ShotTarget, Taken } from "../backend/bindings";

const keyOf = ({ into, id }: ShotTarget): string => `${into}:${id}`;

export class Taking {
  /** Whether files are dragged over the window. */
  dragging = $state(false);
  /** Whether what is dragged is the page's own, and nothing to take. */
  isOwn = false;
  #refused: readonly { into: string; failure: Failure }[] = $state.raw([]);
  readonly #underWay = new Map<string, Promise<unknown>>();
  /** Where the drops go that the shell has not answered yet, in their order. */
  readonly #drops: (ShotTarget | null)[] = [];
  /** End the waits for them. */
  readonly #ends: (() => void)[] = [];

  constructor(
    readonly backend: Pick<Backend, "paste" | "pick" | "onDrag" | "onTaken">,
    /** Where a drop goes. */
    readonly target: () => ShotTarget | null,
  ) {
    backend.onDrag((phase) => {
      this.dragging = phase === "enter" && !this.isOwn;
      if (phase === "drop") this.#drop();
    });
    backend.onTaken((taken) => {
      this.dragging = false;
      // A drop where nothing takes pictures opens a new draft, which is there by now.
      this.#took(this.#drops.shift() ?? this.target(), taken);
      // The shell takes in several beside each other: which of them an answer is about shows with the last.
      if (this.#drops.length === 0) for (const end of this.#ends.splice(0)) end();
    });
  }

  /** Whether anything is under way there. */
  busy(target: ShotTarget): boolean {
    return this.#underWay.has(keyOf(target));
  }

  /** What was refused there. */
  refused(target: ShotTarget): Failure[] {
    return this.#refused.filter(({ into }) => into === keyOf(target)).map(({ failure }) => failure);
  }

  /** Pastes; `put` gets the words there were, to be put in at the caret. */
  async paste(target: ShotTarget, picture: boolean, put: (text: string) => void): Promise<void> {
    await this.#take(target, async () => {
      const taken = await this.backend.paste(target, picture);
      this.#took(target, taken);
      if (taken.took === "text") put(taken.text);
    });
  }

  /** Lets the user pick pictures. */
  async pick(target: ShotTarget): Promise<void> {
    await this.#take(target, async () => {
      this.#took(target, await this.backend.pick(target));
    });
  }

  /** Waits for what is under way there; resolves to what was refused of it: nothing is sent without that. */
  async done(target: ShotTarget): Promise<Failure[]> {
    if (!this.busy(target)) return [];
    while (this.busy(target)) await this.#underWay.get(keyOf(target));
    return this.refused(target);
  }

  /** One refusal was seen. */
  dismiss(failure: Failure): void {
    this.#refused = this.#refused.filter((other) => other.failure !== failure);
  }

  /** All that was refused there was seen. */
  clear(target: ShotTarget): void {
    this.#refused = this.#refused.filter(({ into }) => into !== keyOf(target));
  }

  async #take(target: ShotTarget, bring: () => Promise<void>): Promise<void> {
    const brought = bring().catch((thrown: unknown) => { this.#refuse(target, [failureOf(thrown)]); });
    this.#follow(target, brought);
    await brought;
  }

  /** The shell takes in what is dropped, and answers every drop. */
  #drop(): void {
    const target = this.target();
    this.#drops.push(target);
    if (target !== null) this.#follow(target, new Promise<void>((resolve) => this.#ends.push(resolve)));
  }

  #took(target: ShotTarget | null, taken: Taken): void {
    if (target !== null && taken.took === "pictures") this.#refuse(target, taken.refused);
  }

  #refuse(target: ShotTarget, failures: readonly Failure[]): void {
    this.#refused = [...this.#refused, ...failures.map((failure) => ({ into: keyOf(target), failure }))];
  }

  #follow(target: ShotTarget, work: Promise<void>): void {
    const key = keyOf(target);
    // What was refused of something that is still being waited for stays.
    if (!this.busy(target)) this.clear(target);
    const all = Promise.all([this.#underWay.get(key), work]).then(() => {
      if (this.#underWay.get(key) === all) this.#underWay.delete(key);
    });
    this.#underWay.set(key, all);
  }
}
