// What is told of each view, and the answers to `changes`.

import type { Changes, Update, View } from "../bindings";

const viewKey = (view: View): string => (view.view === "home" ? "home" : `${view.view}:${view.id}`);

/** What an update replaces: of two with the same mark only the later is sent. */
function markOf(update: Update): string {
  switch (update.update) {
    case "row":
      return `row:${update.row.key}`;
    case "rowGone":
      return `row:${update.key}`;
    case "block":
      return `block:${update.block.id}`;
    case "blockGone":
      return `block:${update.id}`;
    case "gone":
    case "draft":
    case "launch":
    case "agent":
      return "item";
    case "accounts":
    case "settings":
    case "repositories":
    case "online":
    case "from":
      return update.update;
  }
}

export class Told {
  #revision = 1;
  readonly #log = new Map<string, Map<string, { revision: number; update: Update }>>();
  readonly #waiting = new Set<() => void>();

  tell(view: string, update: Update): void {
    this.#revision += 1;
    const log = this.#log.get(view) ?? new Map<string, { revision: number; update: Update }>();
    log.set(markOf(update), { revision: this.#revision, update });
    this.#log.set(view, log);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async changes(since: number, view: View, whole: () => Update[]): Promise<Changes> {
    if (since === 0) return { revision: this.#revision, whole: true, updates: whole() };
    for (;;) {
      const news = [...(this.#log.get(viewKey(view))?.values() ?? [])].filter(({ revision }) => revision > since);
      if (news.length > 0) {
        return { revision: this.#revision, whole: false, updates: news.map(({ update }) => update) };
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }
}
