// The rows of the list.

import { Refusal } from "../backend";
import type { Row } from "../bindings";
import type { Told } from "./told";

export class Rows {
  readonly #byKey: Map<string, Row>;

  constructor(
    readonly told: Told,
    rows: readonly Row[],
  ) {
    this.#byKey = new Map(rows.map((row) => [row.key, row]));
  }

  all(): Row[] {
    return [...this.#byKey.values()];
  }

  /** The row with a key. */
  get(key: string): Row | undefined {
    return this.#byKey.get(key);
  }

  /** The key of the latest draft with something in it. */
  latestDraft(): string | null {
    const drafts = this.all().filter(({ state, title }) => state.is === "draft" && (title !== "" || state.pictures > 0));
    return drafts.sort((one, other) => other.at - one.at)[0]?.key ?? null;
  }

  /** The key of the row that opens an item. */
  keyOf(id: string): string {
    return this.all().find(({ target }) => target.id === id)?.key ?? id;
  }

  put(given: Row): void {
    const row = { ...given, pinned: given.pinned || (this.#byKey.get(given.key)?.pinned ?? false) };
    this.#byKey.set(row.key, row);
    this.told.tell("home", { update: "row", row });
  }

  /** Keeps the row that opens an item at the top, or lets it go back. */
  pin(id: string, pinned: boolean): void {
    const row = this.#byKey.get(this.keyOf(id));
    if (row === undefined) throw new Refusal({ code: "notFound" });
    this.#byKey.delete(row.key);
    this.put({ ...row, pinned });
  }

  /** Drops the row that opens an item. */
  dropOf(id: string): void {
    const key = this.keyOf(id);
    this.#byKey.delete(key);
    this.told.tell("home", { update: "rowGone", key });
  }
}
