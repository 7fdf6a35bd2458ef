// Undo and redo, without an end: a list of what was, and a list of what was taken back. Pure.

export class History<State> {
  #past: State[] = [];
  #future: State[] = [];
  #present: State;

  #first: State;

  constructor(
    first: State,
    readonly same: (one: State, other: State) => boolean,
  ) {
    this.#first = first;
    this.#present = first;
  }

  /** What was before all steps. */
  get first(): State {
    return this.#first;
  }

  get present(): State {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Whether anything is another than at first. */
  get changed(): boolean {
    return !this.same(this.first, this.#present);
  }

  /** A step was taken; what was taken back before cannot come again. */
  push(state: State): void {
    if (this.same(state, this.#present)) return;
    this.#past.push(this.#present);
    this.#future = [];
    this.#present = state;
  }

  /** Makes every state another: for what came from elsewhere, and is no step. */
  revise(change: (state: State) => State): void {
    this.#past = this.#past.map(change);
    this.#future = this.#future.map(change);
    this.#present = change(this.#present);
    this.#first = change(this.#first);
  }

  undo(): State {
    const state = this.#past.pop();
    if (state === undefined) return this.#present;
    this.#future.push(this.#present);
    this.#present = state;
    return state;
  }

  redo(): State {
    const state = this.#future.pop();
    if (state === undefined) return this.#present;
    this.#past.push(this.#present);
    this.#present = state;
    return state;
  }
}
