// Words being written: what the page shows is the truth while it is open, and is saved in order behind it.

/** Milliseconds from the first unsaved key to the save. */
export const saveAfter = 120;

/** Text of a draft, an answer or a queued follow-up, with its saving. */
export class Words {
  text = $state("");
  /** Whether the last save failed; the words are still here, and the next key tries again. */
  unsaved = $state(false);
  /** What the last save was refused with. */
  refusal: unknown = null;
  #saved = "";
  #touched = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #saving: Promise<void> | null = null;
  /** Being sent: what is written meanwhile is not part of it. */
  #held = false;

  constructor(
    text: string,
    readonly save: (text: string) => Promise<unknown>,
  ) {
    this.text = text;
    this.#saved = text;
  }

  /** Whether something is not saved yet. */
  get dirty(): boolean {
    return this.text !== this.#saved;
  }

  /** Takes what the core has, unless the user has typed since this was opened. */
  adopt(text: string): void {
    if (this.#touched || this.dirty) return;
    this.text = text;
    this.#saved = text;
  }

  /** Opened again: the core's words are taken until the next key. */
  reopen(): void {
    this.#touched = false;
  }

  /** The user changed the words. */
  write(text: string): void {
    this.text = text;
    this.#touched = true;
    if (!this.#held) this.#timer ??= setTimeout(() => void this.flush(), saveAfter);
  }

  /** Sends what was saved: until that is over nothing else is, or it would be sent along and stay here as well. */
  async hold<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    this.#held = true;
    try {
      return await send();
    } finally {
      this.#held = false;
      if (this.dirty) this.write(this.text);
    }
  }

  /** The page goes: what is not saved now is lost, also what was written during a send. */
  leave(): Promise<void> {
    this.#held = false;
    return this.flush();
  }

  /** Takes out the words that were sent, as the core has done; what was written meanwhile stays, and is saved. */
  sent(text = this.text): void {
    this.#cancel();
    if (this.text.startsWith(text)) this.text = this.text.slice(text.length).trimStart();
    this.#saved = "";
    if (this.dirty) this.write(this.text);
  }

  /** Saves now; resolves when all that was written is saved, or the save was refused. One save at a time, in order. */
  async flush(): Promise<void> {
    this.#cancel();
    if (this.#held) return;
    while (this.#saving !== null) await this.#saving;
    if (!this.dirty) {
      // Typed back to what is saved: nothing waits any more.
      this.unsaved = false;
      return;
    }
    const text = this.text;
    this.#saving = this.save(text).then(
      () => {
        this.#saved = text;
        this.unsaved = false;
      },
      (thrown: unknown) => {
        this.refusal = thrown;
        this.unsaved = true;
      },
    );
    await this.#saving;
    this.#saving = null;
    if (this.dirty && !this.unsaved) await this.flush();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
