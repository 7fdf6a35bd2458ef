// Several rows at once: which are selected, what is done to all of them, and taking an archiving back.

import { failureOf } from "../backend/backend";
import type { AgentId, Change, Failure, Row } from "../backend/bindings";
import type { Deed } from "../text/page";
import type { Session } from "./session.svelte";

/** Milliseconds an archiving can be taken back, unless something else is done before. */
const undoable = 10_000;

/** One to which it was not done, and why. */
export interface Undone {
  key: string;
  title: string;
  failure: Failure;
}

/** What came of it. */
export interface Outcome {
  deed: Deed;
  /** To how many it was done. */
  done: number;
  undone: readonly Undone[];
}

/** Whether a row can be selected: what is on its way cannot. */
export const isSelectable = ({ target }: Row): boolean => target.open !== "launch";

/** Whether a deed is for a row at all. */
export function isFor(deed: Deed, { target, group, archived }: Row): boolean {
  if (deed === "delete") return target.open !== "launch";
  if (target.open !== "agent") return false;
  return deed === "stop" ? group === "working" && !archived : !archived;
}

/** What is asked for of a row; none where the deed is not for it. */
export function changeOf(deed: Deed, row: Row): Change | null {
  const { id } = row.target;
  if (!isFor(deed, row)) return null;
  if (row.target.open === "draft") return { change: "draft_delete", draft: id };
  if (deed === "stop") return { change: "agent_stop", agent: id };
  return deed === "delete" ? { change: "agent_delete", agent: id } : { change: "agent_archive", agent: id, archived: true };
}

export class Many {
  readonly #session: Session;
  /** Keys of the rows selected; of such as went, until the list says so. */
  #keys: ReadonlySet<string> = $state.raw(new Set());
  /** Where a range begins. */
  #anchor: string | null = null;
  /** How many are done of how many, while something is being done. */
  under: { deed: Deed; done: number; of: number } | null = $state.raw(null);
  /** What came of the last deed, until it was read or something else is done. */
  outcome: Outcome | null = $state.raw(null);
  /** The agents whose archiving can still be taken back. */
  archived: readonly AgentId[] = $state.raw([]);
  #forgets: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The rows selected, in no order. */
  readonly rows: readonly Row[] = $derived.by(() =>
    this.#keys.size === 0 ? [] : this.#session.world.rows.filter(({ key }) => this.#keys.has(key)).map(({ row }) => row),
  );

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Selects a row, or no longer. */
  toggle(row: Row): void {
    if (!isSelectable(row) || this.under !== null) return;
    const keys = new Set(this.#keys);
    if (!keys.delete(row.key)) keys.add(row.key);
    this.#anchor = row.key;
    this.#select(keys);
  }

  /** Selects from where the range begins, or `from`, to a row; `list` is the rows as they stand. */
  reach(list: readonly Row[], from: string | null, to: string): void {
    if (this.under !== null) return;
    this.#anchor = this.#keys.size > 0 ? (this.#anchor ?? from) : from;
    const place = (key: string | null): number => list.findIndex((row) => row.key === key);
    const end = place(to);
    const begin = place(this.#anchor);
    if (begin < 0) this.#anchor = to;
    const [first, last] = begin < 0 ? [end, end] : [Math.min(begin, end), Math.max(begin, end)];
    this.#select(new Set(list.slice(first, last + 1).filter(isSelectable).map(({ key }) => key)));
  }

  /** Nothing is selected any more. */
  clear(): void {
    if (this.under !== null) return;
    this.#anchor = null;
    this.#keys = new Set();
  }

  /** What the list does not show is not selected any more: nobody sees that something would be done to it. */
  keep(shown: ReadonlySet<string>): void {
    if (this.under !== null) return;
    const kept = [...this.#keys].filter((key) => shown.has(key));
    if (kept.length < this.#keys.size) this.#keys = new Set(kept);
  }

  #select(keys: ReadonlySet<string>): void {
    this.outcome = null;
    this.#keys = keys;
  }

  /**
   * Does it to each that it is for; those it could not be done to stay selected. All are asked for at once, so that the core
   * does it also when the window is closed meanwhile; it archives and deletes one after the other.
   */
  async act(deed: Deed): Promise<void> {
    if (this.under !== null) return;
    const session = this.#session;
    const asked = this.rows.flatMap((row) => {
      const change = changeOf(deed, row);
      return change === null ? [] : [{ row, change }];
    });
    this.forget();
    this.outcome = null;
    this.under = { deed, done: 0, of: asked.length };
    let opensAnother = false;
    const failures = await Promise.all(
      asked.map(async ({ row, change }) => {
        const words = session.isOpen(row.target) ? session.item?.words : undefined;
        try {
          await session.backend.change(change);
          if (deed === "delete" && session.isOpen(row.target)) {
            // What was being written went with it.
            words?.sent();
            opensAnother = true;
          }
          return null;
        } catch (thrown) {
          return failureOf(thrown);
        } finally {
          this.under = { deed, done: (this.under?.done ?? 0) + 1, of: asked.length };
        }
      }),
    );
    if (opensAnother) await session.create();
    this.under = null;
    this.#anchor = null;
    const undone = asked.flatMap(({ row: { key, title } }, place) => {
      const failure = failures[place] ?? null;
      return failure === null ? [] : [{ key, title, failure }];
    });
    this.#keys = new Set(undone.map(({ key }) => key));
    this.outcome = { deed, done: asked.length - undone.length, undone };
    const archived = asked.flatMap(({ row }, place) => (deed === "archive" && failures[place] === null ? [row.target.id] : []));
    if (archived.length > 0) this.#remember(archived);
  }

  /** Something was changed elsewhere: an archiving before it is not taken back any more, one that it is can be. */
  after(change: Change): void {
    this.forget();
    this.outcome = null;
    if (change.change !== "agent_archive" || !change.archived) return;
    this.outcome = { deed: "archive", done: 1, undone: [] };
    this.#remember([change.agent]);
  }

  #remember(agents: readonly AgentId[]): void {
    this.archived = agents;
    clearTimeout(this.#forgets);
    this.#forgets = setTimeout(() => { this.forget(); }, undoable);
  }

  /** The archiving stays, and what came of it is not said any more where there is nothing to read in it. */
  forget(): void {
    clearTimeout(this.#forgets);
    this.archived = [];
    if (this.outcome?.undone.length === 0) this.outcome = null;
  }

  /** What came of it was read. */
  read(): void {
    this.forget();
    this.outcome = null;
  }

  /** Brings back what was archived, each of them that can be; the first that cannot is told, with a button for all those. */
  async undo(): Promise<void> {
    const agents = this.archived;
    const session = this.#session;
    this.read();
    const back = await Promise.allSettled(agents.map((agent) => session.backend.change({ change: "agent_archive", agent, archived: false })));
    const left = agents.filter((_, place) => back[place]?.status === "rejected");
    const first = back.find((one) => one.status === "rejected");
    const [agent] = left;
    if (agent !== undefined && first !== undefined) {
      session.fail(failureOf(first.reason), () => void this.#again(left), { view: "agent", id: agent });
    }
  }

  /** Goes on bringing back. */
  async #again(agents: readonly AgentId[]): Promise<void> {
    this.archived = agents;
    this.#session.trouble = null;
    await this.undo();
  }
}
