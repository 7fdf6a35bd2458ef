// What the home view shows: accounts, settings, repositories, and the rows of the active account.

import type { Account, AccountId, Changes, Repositories, Repository, Row, Settings } from "../backend/bindings";
import { RowEntity } from "./entities.svelte";
import { plainList } from "./filters";

/** The settings until the first answer is here. */
export const defaultSettings: Settings = {
  theme: "system",
  holdSeconds: 5,
  notifications: true,
  onClose: "ask",
  openPullRequest: true,
  planFirst: false,
  captureShortcut: null,
  fit: "sharp",
  list: plainList,
  spending: { dayLimit: null, weekLimit: null, alarmSeconds: null, alarmTokens: null, alarmMicros: null, alarmStops: false },
};

const noRepositories: Repositories = { items: [], listedAt: null, loading: false, refreshAfter: null, problem: null };

/** The words a repository is found by: its nickname and the last two parts of its address. */
export function shortName(url: string): string {
  const parts = url.replace(/\/+$/, "").split("/");
  return parts.slice(-2).join("/");
}

export class World {
  /** Whether the first answer is here. */
  loaded = $state(false);
  accounts: Account[] = $state.raw([]);
  active: AccountId | null = $state(null);
  /** Key of the row that was open last when the active account became that. */
  left: string | null = null;
  settings: Settings = $state.raw(defaultSettings);
  repositories: Repositories = $state.raw(noRepositories);
  online = $state(true);
  /** All rows, in no order. Replaced when one comes, goes, or moves. */
  rows: RowEntity[] = $state.raw([]);

  readonly account: Account | null = $derived(this.accounts.find((account) => account.id === this.active) ?? null);
  readonly #byUrl: Map<string, Repository> = $derived(
    new Map(this.repositories.items.map((repository) => [repository.url, repository])),
  );
  readonly #byKey = new Map<string, RowEntity>();

  /** What is known of a repository. */
  repository(url: string): Repository | null {
    return this.#byUrl.get(url) ?? null;
  }

  /** The user's own name of a repository, or `owner/name`. */
  repositoryName(url: string): string {
    const nickname = this.repository(url)?.nickname ?? "";
    return nickname === "" ? shortName(url) : nickname;
  }

  /** The row with a key. */
  rowByKey(key: string): Row | null {
    return this.#byKey.get(key)?.row ?? null;
  }

  /** Takes in a whole batch; the list is rebuilt at most once. */
  apply(changes: Changes): void {
    let moved = changes.whole;
    if (changes.whole) this.#byKey.clear();
    for (const update of changes.updates) {
      switch (update.update) {
        case "accounts":
          this.accounts = update.accounts;
          this.active = update.active;
          this.left = update.left;
          break;
        case "settings":
          this.settings = update.settings;
          break;
        case "repositories":
          this.repositories = update.repositories;
          for (const entity of this.#byKey.values()) entity.haystack = "";
          break;
        case "online":
          this.online = update.online;
          break;
        case "row":
          moved = this.#put(update.row) || moved;
          break;
        case "rowGone":
          moved = this.#byKey.delete(update.key) || moved;
          break;
        case "draft":
        case "launch":
        case "agent":
        case "block":
        case "from":
        case "blockGone":
        case "gone":
          break;
      }
    }
    if (moved) this.rows = [...this.#byKey.values()];
    this.loaded = true;
  }

  /** Whether the list has to be put in order again. */
  #put(row: Row): boolean {
    const entity = this.#byKey.get(row.key);
    if (entity === undefined) {
      this.#byKey.set(row.key, new RowEntity(row));
      return true;
    }
    const before = entity.row;
    entity.row = row;
    entity.haystack = "";
    return (
      before.group !== row.group ||
      before.at !== row.at ||
      before.archived !== row.archived ||
      before.title !== row.title ||
      isEmptyDraft(before) !== isEmptyDraft(row)
    );
  }
}

/** Whether a row is a draft with nothing in it: those are what *New* opens, and are not listed. */
export function isEmptyDraft(row: Row): boolean {
  return row.state.is === "draft" && row.state.pictures === 0 && row.title === "" && row.state.problem === null;
}
