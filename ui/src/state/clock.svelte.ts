// The time as the page shows it. It stands still while nobody looks.

export class Clock {
  /** Milliseconds since 1970, moved on every second. All times that are shown count to it, so that no two of them differ. */
  now = $state(Date.now());
  /** The same, moved on every half minute: for the order of all rows, which is not made anew every second. */
  coarse = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Goes on, at once and then every second. */
  start(): void {
    if (this.#timer !== null) return;
    this.tick();
    this.#timer = setInterval(() => { this.tick(); }, 1_000);
  }

  /** Stands still. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Moves on by hand. */
  tick(now = Date.now()): void {
    this.now = now;
    if (Math.abs(now - this.coarse) >= 30_000) this.coarse = now;
  }
}
