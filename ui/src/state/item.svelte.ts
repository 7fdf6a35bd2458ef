// What is open: one draft, launch or agent with its transcript, kept for a while after it was left.

import type { Agent, BlockId, Change, Changes, Draft, Earlier, Edited, Failure, FollowUpId, KeyShape, Launch, Update, View } from "../backend/bindings";
import { BlockEntity } from "./entities.svelte";
import { Marking } from "./marking.svelte";
import type { Removed } from "./removing";
import { Secrets } from "./secrets.svelte";
import { Words } from "./words.svelte";

/** A view that is not the home. */
export type ItemView = Exclude<View, { view: "home" }>;

/** The words of a waiting answer that are being changed, and what they were. */
export interface Changed {
  id: FollowUpId;
  text: string;
  was: string;
}

type Save = (change: Change) => Promise<unknown>;

export class Item {
  /** Whether the first answer is here. */
  loaded = $state(false);
  /** Whether it is not there (any more). */
  gone = $state(false);
  draft: Draft | null = $state.raw(null);
  launch: Launch | null = $state.raw(null);
  agent: Agent | null = $state.raw(null);
  /** The transcript from its first order that is here, in order. */
  blocks: BlockEntity[] = $state.raw([]);
  /** Everything that was asked, in order, also of what is not here. */
  prompts: BlockEntity[] = $state.raw([]);
  /** The order that the transcript is here from; 0 where nothing comes before. */
  from = $state(0);
  /** The words being written: of the draft, or the answer to the agent. */
  readonly words: Words;
  /** What looks like a key in them. */
  readonly secrets: Secrets;
  /** What looks like a key in the waiting answer that is being changed. */
  readonly editedSecrets: Secrets;
  /** Whether it is being sent, or waits to be. */
  sending = $state(false);
  /** Why it was not sent, and what tries again. */
  refusal: { failure: Failure; again: () => void } | null = $state.raw(null);
  #edited: Changed | null = $state.raw(null);
  /** The same for the core, which keeps it as it is typed. */
  readonly #changed: Words;
  /** The one whose words are on their way to be kept. */
  keeping: Changed | null = $state.raw(null);
  /** Pictures that were taken away, the latest last: they can be put back while this is open. */
  removed: readonly Removed[] = $state.raw([]);
  /** What is drawn on its pictures and not told of by the core yet. */
  readonly marking = new Marking();
  readonly #byId = new Map<string, BlockEntity>();
  #asked: Promise<void> = Promise.resolve();
  /** What changed of blocks that are being asked for. */
  #missed: Update[] | null = null;

  constructor(
    readonly view: ItemView,
    save: Save,
    look: (text: string) => Promise<readonly KeyShape[]> = () => Promise.resolve([]),
    private readonly ask: (before: number, to: BlockId | null) => Promise<Earlier> = (from) => Promise.resolve({ blocks: [], from }),
  ) {
    this.secrets = new Secrets(look);
    this.editedSecrets = new Secrets(look);
    this.words = new Words("", async (text) => {
      // Marks carry words of their own, which are older than these.
      await this.marking.done();
      await save(view.view === "agent" ? { change: "answer_text", agent: view.id, text } : { change: "draft_text", draft: view.id, text });
    });
    this.#changed = new Words("", (text) => {
      const { id } = this.#edited ?? this.keeping ?? {};
      const edited = text === "" || id === undefined ? null : { followUp: id, text };
      return save({ change: "answer_edited", agent: view.id, edited });
    });
  }

  /** The waiting answer whose words are being changed, until they are kept. */
  get edited(): Changed | null {
    return this.#edited;
  }

  set edited(edited: Changed | null) {
    this.#edited = edited;
    // Words on their way are kept until they are there.
    if (edited === null && this.keeping !== null) return;
    this.#changed.write(edited === null || edited.text === edited.was ? "" : edited.text);
  }

  /** Words that were on their way are there, or are being changed again: only now they need not be kept as such. */
  settle(): void {
    this.keeping = null;
    if (this.#edited === null) this.#changed.write("");
  }

  /** Saves all words now. */
  async flush(): Promise<void> {
    await Promise.all([this.words.flush(), this.#changed.flush()]);
  }

  /** The page goes: what is not saved now is lost. */
  async leave(): Promise<void> {
    await Promise.all([this.words.leave(), this.#changed.leave()]);
  }

  /** Ends the change of a waiting answer that cannot be kept there any more: its words become the next answer's. */
  moveEdited(): void {
    const { edited } = this;
    if (edited === null || edited.text.trim() === "" || edited.text === edited.was) {
      this.edited = null;
      return;
    }
    this.#edited = null;
    this.words.write([this.words.text, edited.text].filter((part) => part !== "").join("\n"));
    // Kept as the one until they are kept as the other.
    void this.words.flush().then(() => {
      if (!this.words.dirty && this.#edited === null) this.#changed.write("");
    });
  }

  /**
   * Brings what comes before the transcript that is here: the next part, all parts back to a block, or all there is.
   * Whoever asks meanwhile waits.
   */
  earlier(to: BlockId | "all" | null): Promise<void> {
    const next = this.#asked.then(async () => {
      let before: number;
      do {
        before = this.from;
        if (before > 0) await this.#earlier(to === "all" ? (this.prompts[0]?.id ?? null) : to);
        // What brings nothing new is not asked for again.
      } while (to === "all" && this.from > 0 && this.from < before);
    });
    this.#asked = next.catch(() => undefined);
    return next;
  }

  /** Gives back what comes before an order, but for the prompts: it can be asked for again. */
  forget(before: number): void {
    if (before <= this.from || this.#missed !== null) return;
    this.from = before;
    for (const [id, { block }] of this.#byId) if (block.order < before && block.kind.kind !== "prompt") this.#byId.delete(id);
    this.#order();
  }

  async #earlier(to: BlockId | null): Promise<void> {
    const missed: Update[] = [];
    this.#missed = missed;
    try {
      const { blocks, from } = await this.ask(this.from, to);
      // The view began anew: what was asked for is not what comes before it.
      if (this.#missed !== missed) return;
      this.#missed = null;
      this.from = from;
      // What is here already is told of by the feed, and may be newer.
      for (const block of blocks) if (!this.#byId.has(block.id)) this.#byId.set(block.id, new BlockEntity(block));
      for (const update of missed) this.#update(update);
      this.#order();
    } finally {
      if (this.#missed === missed) this.#missed = null;
    }
  }

  #order(): void {
    const all = [...this.#byId.values()].sort((one, other) => one.block.order - other.block.order);
    this.blocks = all.filter(({ block }) => block.order >= this.from);
    this.prompts = all.filter(({ block }) => block.kind.kind === "prompt");
  }

  /** Goes on with words that were being changed when the page went. */
  #goOn({ queue }: Agent, { followUp, text }: Edited): void {
    const was = queue.find(({ id }) => id === followUp)?.text ?? "";
    // Taken before the page went.
    if (text === was) return;
    this.#edited = { id: followUp, text, was };
    this.#changed.adopt(text);
  }

  /** Takes in a whole batch; the transcript is put in order at most once. */
  apply(changes: Changes): void {
    let moved = changes.whole;
    if (changes.whole) {
      this.#byId.clear();
      this.#missed = null;
      this.gone = false;
      this.from = changes.updates.find((update) => update.update === "from")?.order ?? 0;
    }
    for (const update of changes.updates) moved = this.#update(update) || moved;
    if (moved) this.#order();
    this.loaded = true;
  }

  /** Takes in one change; tells whether the transcript is to be put in order. */
  #update(update: Update): boolean {
    switch (update.update) {
      case "draft":
        this.draft = update.draft;
        this.marking.told();
        this.words.adopt(update.draft.text);
        return false;
      case "launch":
        this.launch = update.launch;
        return false;
      case "agent":
        if (this.agent === null && update.agent.edited !== null) this.#goOn(update.agent, update.agent.edited);
        this.agent = update.agent;
        this.marking.told();
        this.words.adopt(update.agent.answer.text);
        return false;
      case "block": {
        const { id, order, kind } = update.block;
        const known = this.#byId.get(id);
        if (known !== undefined) {
          const moved = known.block.order !== order || known.block.kind.kind !== kind.kind;
          known.block = update.block;
          return moved;
        }
        if (order < this.from && kind.kind !== "prompt") {
          this.#missed?.push(update);
          return false;
        }
        this.#byId.set(id, new BlockEntity(update.block));
        return true;
      }
      case "blockGone":
        this.#missed?.push(update);
        return this.#byId.delete(update.id);
      case "gone":
        this.gone = true;
        return false;
      case "accounts":
      case "settings":
      case "repositories":
      case "online":
      case "row":
      case "rowGone":
      case "from":
        return false;
    }
  }
}
