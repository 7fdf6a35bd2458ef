// Marks on their way to the core. Until it has told of them again, what was drawn last is the truth, and nothing is sent
// before they are kept.

import type { Marked, Markup, Shot, ShotId } from "../backend/bindings";

export class Marking {
  #drawn: ReadonlyMap<ShotId, Markup> = $state.raw(new Map());
  /** What the core has, though the feed may not have told of it. */
  readonly #kept = new Set<ShotId>();
  #last: Promise<void> = Promise.resolve();
  /** Why the last marks were not kept; they are still here. */
  refusal: unknown = $state.raw(null);

  /** What is drawn on a picture. */
  of(shot: Shot): Markup {
    return this.#drawn.get(shot.id) ?? shot.markup;
  }

  /** Whether marks of a picture are not kept yet. */
  isUnsaved(id: ShotId): boolean {
    return this.#drawn.has(id) && !this.#kept.has(id);
  }

  /** The marks that are not kept yet. */
  get unsaved(): Marked[] {
    return [...this.#drawn].filter(([id]) => this.isUnsaved(id)).map(([shot, markup]) => ({ shot, markup }));
  }

  /** Saves marks behind those before them; resolves to whether they are kept. */
  async put(marked: readonly Marked[], save: () => Promise<unknown>): Promise<boolean> {
    const drawn = new Map(this.#drawn);
    for (const { shot, markup } of marked) {
      drawn.set(shot, markup);
      this.#kept.delete(shot);
    }
    this.#drawn = drawn;
    let kept = false;
    const before = this.#last;
    this.#last = (async () => {
      await before;
      try {
        await save();
        kept = true;
        // Drawn on again meanwhile: that is on its way behind this.
        for (const { shot, markup } of marked) if (this.#drawn.get(shot) === markup) this.#kept.add(shot);
        this.#forgive();
      } catch (thrown) {
        this.refusal = thrown;
      }
    })();
    await this.#last;
    return kept;
  }

  /** The feed told of all pictures: of what the core has it is the truth again. */
  told(): void {
    if (this.#kept.size === 0) return;
    this.#drawn = new Map([...this.#drawn].filter(([id]) => !this.#kept.has(id)));
    this.#kept.clear();
  }

  /** A picture that is gone takes its marks along, and what was refused of them. */
  forget(id: ShotId): void {
    this.#drawn = new Map([...this.#drawn].filter(([other]) => other !== id));
    this.#kept.delete(id);
    this.#forgive();
  }

  /** A refusal is over once nothing is unsaved: another picture may still have the marks that were refused. */
  #forgive(): void {
    if (this.unsaved.length === 0) this.refusal = null;
  }

  /** Waits for everything that was to be saved. */
  async done(): Promise<void> {
    let last: Promise<void>;
    do {
      last = this.#last;
      await last;
    } while (last !== this.#last);
  }
}
