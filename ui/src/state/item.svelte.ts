// What is open: one draft, launch or agent with its transcript, kept for a while after it was left.

import type { Agent, Change, Changes, Draft, Failure, FollowUpId, KeyShape, Launch, View } from "../backend/bindings";
import { BlockEntity } from "./entities.svelte";
import { Marking } from "./marking.svelte";
import type { Removed } from "./removing";
import { Secrets } from "./secrets.svelte";
import { Words } from "./words.svelte";

/** A view that is not the home. */
export type ItemView = Exclude<View, { view: "home" }>;

/** The words of a waiting answer that are being changed, and what they were. */
export interface Edited {
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
  /** The transcript, in order. */
  blocks: BlockEntity[] = $state.raw([]);
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
  /** The waiting answer whose words are being changed, until they are kept. */
  edited: Edited | null = $state.raw(null);
  /** The one whose words are on their way to be kept. */
  keeping: Edited | null = $state.raw(null);
  /** Pictures that were taken away, the latest last: they can be put back while this is open. */
  removed: readonly Removed[] = $state.raw([]);
  /** What is drawn on its pictures and not told of by the core yet. */
  readonly marking = new Marking();
  readonly #byId = new Map<string, BlockEntity>();

  constructor(
    readonly view: ItemView,
    save: Save,
    look: (text: string) => Promise<readonly KeyShape[]> = () => Promise.resolve([]),
  ) {
    this.secrets = new Secrets(look);
    this.editedSecrets = new Secrets(look);
    this.words = new Words("", async (text) => {
      // Marks carry words of their own, which are older than these.
      await this.marking.done();
      await save(view.view === "agent" ? { change: "answer_text", agent: view.id, text } : { change: "draft_text", draft: view.id, text });
    });
  }

  /** Ends the change of a waiting answer that cannot be kept there any more: its words become the next answer's. */
  moveEdited(): void {
    const { edited } = this;
    this.edited = null;
    if (edited === null || edited.text.trim() === "" || edited.text === edited.was) return;
    this.words.write([this.words.text, edited.text].filter((part) => part !== "").join("\n"));
  }

  /** Takes in a whole batch; the transcript is put in order at most once. */
  apply(changes: Changes): void {
    let moved = changes.whole;
    if (changes.whole) {
      this.#byId.clear();
      this.gone = false;
    }
    for (const update of changes.updates) {
      switch (update.update) {
        case "draft":
          this.draft = update.draft;
          this.marking.told();
          this.words.adopt(update.draft.text);
          break;
        case "launch":
          this.launch = update.launch;
          break;
        case "agent":
          this.agent = update.agent;
          this.marking.told();
          this.words.adopt(update.agent.answer.text);
          break;
        case "block": {
          const known = this.#byId.get(update.block.id);
          if (known === undefined) {
            this.#byId.set(update.block.id, new BlockEntity(update.block));
            moved = true;
          } else {
            moved ||= known.block.order !== update.block.order || known.block.kind.kind !== update.block.kind.kind;
            known.block = update.block;
          }
          break;
        }
        case "blockGone":
          moved = this.#byId.delete(update.id) || moved;
          break;
        case "gone":
          this.gone = true;
          break;
        case "accounts":
        case "settings":
        case "repositories":
        case "online":
        case "row":
        case "rowGone":
          break;
      }
    }
    if (moved) this.blocks = [...this.#byId.values()].sort((one, other) => one.block.order - other.block.order);
    this.loaded = true;
  }
}
