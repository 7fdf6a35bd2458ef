// What is being taken into the open composer: pastes, picks and drops, and what was refused of them.

import { type Backend, failureOf } from "../backend/backend";
import type { Failure, ShotTarget, Taken } from "../backend/bindings";

export class Taking {
  /** Whether files are dragged over the window. */
  dragging = $state(false);
  /** What was refused, for the composer that is open. */
  refused: Failure[] = $state.raw([]);
  #underWay: Promise<unknown> | null = null;
  /** Ends the drop that is under way. */
  #dropped: (() => void) | null = null;

  constructor(
    readonly backend: Pick<Backend, "paste" | "pick" | "onDrag" | "onTaken">,
    /** Where it goes. */
    readonly target: () => ShotTarget | null,
  ) {
    backend.onDrag((phase) => {
      this.dragging = phase === "enter";
      if (phase === "drop") this.#drop();
    });
    backend.onTaken((taken) => {
      this.dragging = false;
      this.#took(taken);
      this.#dropped?.();
    });
  }

  /** Whether anything is under way. */
  get busy(): boolean {
    return this.#underWay !== null;
  }

  /** Pastes; `put` gets the words there were, to be put in at the caret. */
  async paste(picture: boolean, put: (text: string) => void): Promise<void> {
    await this.#take(async (target) => {
      const taken = await this.backend.paste(target, picture);
      this.#took(taken);
      if (taken.took === "text") put(taken.text);
    });
  }

  /** Lets the user pick pictures. */
  async pick(): Promise<void> {
    await this.#take(async (target) => {
      this.#took(await this.backend.pick(target));
    });
  }

  /** Waits for what is under way; false where some of it was refused: then it is not sent without. */
  async done(): Promise<boolean> {
    if (this.#underWay === null) return true;
    while (this.#underWay !== null) await this.#underWay;
    return this.refused.length === 0;
  }

  /** One refusal was seen. */
  dismiss(failure: Failure): void {
    this.refused = this.refused.filter((other) => other !== failure);
  }

  /** Another composer is open. */
  clear(): void {
    this.refused = [];
  }

  async #take(bring: (target: ShotTarget) => Promise<void>): Promise<void> {
    const target = this.target();
    if (target === null) return;
    this.refused = [];
    const brought = bring(target).catch((thrown: unknown) => {
      this.refused = [...this.refused, failureOf(thrown)];
    });
    this.#follow(brought);
    await brought;
  }

  /** The shell takes in what is dropped, and tells of every drop. */
  #drop(): void {
    if (this.target() === null) return;
    this.refused = [];
    this.#dropped?.();
    this.#follow(new Promise<void>((resolve) => { this.#dropped = resolve; }));
  }

  #took(taken: Taken): void {
    if (taken.took === "pictures") this.refused = [...this.refused, ...taken.refused];
  }

  #follow(work: Promise<void>): void {
    const all = Promise.all([this.#underWay, work]).then(() => {
      if (this.#underWay === all) this.#underWay = null;
    });
    this.#underWay = all;
  }
}
