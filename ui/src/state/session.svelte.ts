// The page as a whole: what is open, what follows what, and what a button of a failure does.

import { type Backend, type Captured, failureOf, type Wanted } from "../backend/backend";
import type { Change, Failure, ListSettings, Row, RowTarget, Settings, ShotTarget } from "../backend/bindings";
import { Feed, type FeedSurroundings } from "../backend/feed";
import type { Remedy } from "../text/failure";
import { Clock } from "./clock.svelte";
import { Desk, Kit } from "./desk.svelte";
import { Finding } from "./finding.svelte";
import { Item, type ItemView } from "./item.svelte";
import { Many } from "./many.svelte";
import { placeOf, remedied } from "./remedied";
import { targetOf } from "./sending";
import { Shapes } from "./shapes.svelte";
import { Taking } from "./taking.svelte";
import { isEmptyDraft, World } from "./world.svelte";

/** How many items are kept after they were left, so that going back is instant. */
const kept = 12;

/** Milliseconds the old page stays while the new one is on its way: no flicker for what arrives at once. */
const patience = 300;

/** A dialog over the page. */
export type Dialog =
  | { shows: "settings"; at?: "spending" }
  | { shows: "usage" }
  | { shows: "switcher" }
  | { shows: "closing" }
  | { shows: "connect" }
  | { shows: "replaceKey"; account: string };

/** What the session needs to know of the window. */
export type Surroundings = Omit<FeedSurroundings, "ask"> & {
  /** Device pixels for one CSS pixel. */
  pixelRatio: () => number;
};

interface Opened {
  item: Item;
  feed: Feed;
}

const keyOf = (view: ItemView): string => `${view.view}:${view.id}`;

/** The view that a row opens. */
export const viewOf = (target: RowTarget): ItemView => ({ view: target.open, id: target.id });

export class Session {
  readonly world = new World();
  readonly clock = new Clock();
  /** What is pasted, picked and dropped into what is open. */
  readonly taking: Taking;
  /** What is shown on the right. */
  item: Item | null = $state.raw(null);
  /** What was asked for last: shown at once in the list, on the right as soon as it is here. */
  wanted: ItemView | null = $state.raw(null);
  /** What was typed into the search. */
  query = $state("");
  /** What is found in conversations by it. */
  readonly finding: Finding;
  /** Several rows of the list at once. */
  readonly many = new Many(this);
  dialog: Dialog | null = $state.raw(null);
  /** The desk, while something is marked. */
  desk: Desk | null = $state.raw(null);
  /** The tool and the pen that were used last. */
  readonly kit = new Kit();
  /** Words on pictures as outlines. */
  readonly shapes: Shapes;
  /** Why the data could not be opened, until it is: there is nothing to show then. */
  blocked: Failure | null = $state.raw(null);
  /** The picture of the screen that was taken last, for the desk. */
  captured: Captured | null = $state.raw(null);
  /** A change that was refused, until it is dismissed. */
  trouble: Failure | null = $state.raw(null);
  /** Repeats what was refused. */
  repeat: (() => void) | null = null;
  /** The item it is about, which need not be what is open. */
  place: ItemView | null = null;
  /** What a screen reader is told. */
  said = $state("");
  /** What was done where nothing shows it by itself; it goes after a moment. */
  done = $state("");
  #forgets: ReturnType<typeof setTimeout> | undefined;
  /** Whether the composer of what is open is to take the caret, also one that is only about to be drawn. */
  wantsCaret = $state(false);
  /** Counts up to ask for the search field. */
  searching = $state(0);

  /** The settings as they were asked for last, what was known then, and how many changes are under way. */
  private adjusted: { settings: Settings; seen: Settings; under: number } | null = null;
  readonly #items = new Map<string, Opened>();
  readonly #home: Feed;
  #account: string | null | undefined = undefined;
  #rowKey: string | null = null;
  #late: ReturnType<typeof setTimeout> | null = null;
  #creating = false;
  #came!: () => void;
  /** Settles when there is something to show. */
  readonly came = new Promise<void>((resolve) => {
    this.#came = resolve;
  });
  /** What the shell wants opened as soon as there is something to open it in. */
  #first: Wanted | null = null;

  constructor(
    readonly backend: Backend,
    readonly surroundings: Surroundings,
  ) {
    this.finding = new Finding((words) => backend.search(words));
    this.taking = new Taking(backend, () => this.target);
    this.shapes = new Shapes((text, bold) => backend.shapeText(text, bold));
    this.#home = this.#feed(
      { view: "home" },
      (changes) => {
        this.blocked = null;
        this.world.apply(changes);
        this.#settle();
        this.#came();
      },
      (thrown) => {
        if (this.world.loaded) return;
        this.blocked = failureOf(thrown);
        // The window is shown for this too.
        this.#came();
      },
    );
    backend.onOpen((wanted) => { this.show(wanted); });
    backend.onCloseAsked(() => { this.dialog = { shows: "closing" }; });
  }

  /** Begins to follow, once it is known what is to be opened first. */
  start(): void {
    this.clock.start();
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      const wanted = await this.backend.opening();
      if (wanted !== null && this.#first === null) this.show(wanted);
    } catch (thrown) {
      this.fail(failureOf(thrown));
    }
    this.#home.start();
  }

  /** The page was shown or hidden. */
  sight(visible: boolean): void {
    if (!visible) {
      this.clock.stop();
      void this.item?.flush();
      return;
    }
    this.clock.start();
    this.#home.wake();
    for (const { feed } of this.#items.values()) feed.wake();
  }

  /** Tries again to open the data; with `aside` a damaged database is put aside, and a new one begun. */
  async openData(aside: boolean): Promise<void> {
    try {
      await this.backend.openData(aside);
    } catch (thrown) {
      this.blocked = failureOf(thrown);
      return;
    }
    // The pause between two failed calls is not waited for.
    this.#home.stop();
    this.#home.start();
  }

  /** Asks for a change; a refusal is shown. Resolves to `undefined` then. */
  async act(change: Change): Promise<string | null | undefined> {
    try {
      const answer = await this.backend.change(change);
      this.trouble = null;
      this.many.after(change);
      return answer;
    } catch (thrown) {
      this.fail(failureOf(thrown), () => void this.act(change), placeOf(change));
      return undefined;
    }
  }

  /** Shows a failure, with what its button repeats, and the item it is about. */
  fail(failure: Failure, repeat: (() => void) | null = null, place: ItemView | null = null): void {
    this.trouble = failure;
    this.repeat = repeat;
    this.place = place;
  }

  /** Keeps what closing the window means, and does it, also if that could not be kept: then it is asked again. */
  async close(onClose: "keepWorking" | "quit"): Promise<void> {
    this.dialog = null;
    await this.adjust((settings) => ({ ...settings, onClose }));
    await (onClose === "quit" ? this.quit() : this.leave().then(() => this.backend.closeWindow()));
  }

  /** Quits, with everything saved, also what is being marked. */
  async quit(): Promise<void> {
    const marking = this.desk?.item.marking;
    this.desk?.close();
    await this.leave();
    await marking?.done();
    await this.backend.quit();
  }

  /** The page goes: what is being written is saved. */
  async leave(): Promise<void> {
    await Promise.all([...this.#items.values()].map(({ item }) => item.leave()));
  }

  /** Says that something was done, to everybody. */
  confirm(words: string): void {
    [this.said, this.done] = [words, words];
    clearTimeout(this.#forgets);
    this.#forgets = setTimeout(() => { [this.said, this.done] = ["", ""]; }, 2_500);
  }

  /** Opens an address in the browser. */
  async openLink(url: string): Promise<void> {
    try {
      await this.backend.openLink(url);
    } catch (thrown) {
      this.fail(failureOf(thrown), () => void this.openLink(url));
    }
  }

  /** Opens what the shell or a row wants. */
  show(wanted: Wanted): void {
    if (wanted.open === "capture") {
      this.captured = wanted;
      this.show({ open: "draft", id: wanted.draft });
      return;
    }
    if (wanted.open === "trouble") {
      const { failure, draft } = wanted;
      if (this.world.loaded) this.fail(failure, () => void this.capture(draft));
      else this.#first = wanted;
      return;
    }
    if (this.world.loaded) {
      if (wanted.open === "new") void this.create();
      else this.open(viewOf(wanted));
    }
    const here = wanted.open === "new" || this.world.rows.some(({ row }) => row.target.open === wanted.open && row.target.id === wanted.id);
    // Before the first answer, or of an account that is about to be the active one: opened when that begins.
    if (!this.world.loaded || !here) this.#first = wanted;
  }

  /** Takes the screen, into a draft or a new one. */
  async capture(draft: string | null): Promise<void> {
    try {
      await this.backend.capture(draft);
    } catch (thrown) {
      this.fail(failureOf(thrown), () => void this.capture(draft));
    }
  }

  /** Opens an item. With `caret` the composer gets the caret. */
  open(view: ItemView, caret = true): void {
    this.wantsCaret = caret;
    // What is opened counts from now, not from up to a second ago.
    this.clock.tick();
    this.#first = null;
    const before = this.wanted === null ? null : this.#items.get(keyOf(this.wanted));
    if (this.wanted !== null && keyOf(this.wanted) === keyOf(view)) return;
    this.desk?.close();
    if (before) before.item.removed = [];
    void before?.item.flush();
    before?.feed.stop();
    this.trouble = null;
    if (this.target !== null) this.taking.clear(this.target);
    this.wanted = view;
    this.#rowKey = this.#keyOfRow(view);
    const opened = this.#opened(view);
    opened.item.words.reopen();
    opened.feed.start();
    if (this.#late !== null) clearTimeout(this.#late);
    if (opened.item.loaded && !opened.item.gone) {
      this.item = opened.item;
      return;
    }
    this.#late = setTimeout(() => {
      if (this.wanted === view) this.item = opened.item;
    }, patience);
  }

  /** Whether a row's target is what is open. */
  isOpen(target: RowTarget): boolean {
    return this.wanted !== null && this.wanted.view === target.open && this.wanted.id === target.id;
  }

  /** Whether the composer of a target is to take the caret now: once for each time that it is wanted. */
  takesCaret(target: RowTarget): boolean {
    if (!this.wantsCaret || !this.isOpen(target)) return false;
    this.wantsCaret = false;
    return true;
  }

  /** The row of what is open, where it has one. */
  get openRow(): Row | null {
    return this.world.rows.find(({ row }) => this.isOpen(row.target))?.row ?? null;
  }

  /** Keeps what is open at the top of the list, or lets it go back to its place. */
  async pinOpen(): Promise<void> {
    const row = this.openRow;
    if (row === null || isEmptyDraft(row)) return;
    await this.act({ change: "row_pin", target: row.target, pinned: !row.pinned });
  }

  /**
   * Changes settings: each change builds on the one before it, which may not have come back yet.
   */
  async adjust(over: (settings: Settings) => Settings): Promise<void> {
    const { adjusted, world } = this;
    const from = adjusted !== null && (adjusted.under > 0 || adjusted.seen === world.settings) ? adjusted.settings : world.settings;
    const settings = over(from);
    this.adjusted = { settings, seen: world.settings, under: (adjusted?.under ?? 0) + 1 };
    const done = await this.act({ change: "settings_change", settings });
    // A refusal forgets all of them: what the shell has is what counts.
    this.adjusted = done === undefined ? null : this.#oneLess();
  }

  #oneLess(): Session["adjusted"] {
    return this.adjusted && { ...this.adjusted, under: this.adjusted.under - 1 };
  }

  /** Shows the list in another way. */
  arrange(over: Partial<ListSettings>): void {
    void this.adjust((settings) => ({ ...settings, list: { ...settings.list, ...over } }));
  }

  /** Opens an empty draft: the one that is there, or a new one. Resolves to which, if it could be made. */
  async create(): Promise<string | null> {
    this.query = "";
    const empty = this.world.rows.find(({ row }) => isEmptyDraft(row));
    if (empty !== undefined) {
      this.open(viewOf(empty.row.target));
      return empty.row.target.id;
    }
    if (this.#creating) return null;
    this.#creating = true;
    const id = await this.act({ change: "draft_create" });
    this.#creating = false;
    if (typeof id !== "string") return null;
    this.open({ view: "draft", id });
    return id;
  }

  /** Opens an empty draft for a repository. */
  async createIn(repository: string): Promise<void> {
    const draft = await this.create();
    if (draft !== null) await this.act({ change: "draft_repository", draft, repository });
  }

  /** Starts a draft with the words and the place of something that was sent before. */
  async createFrom(text: string, repository: string | null, branch: string | null): Promise<void> {
    const id = await this.act({ change: "draft_create" });
    if (typeof id !== "string") return;
    const changes: Change[] = [{ change: "draft_text", draft: id, text }];
    if (repository !== null) changes.push({ change: "draft_repository", draft: id, repository });
    if (branch !== null) changes.push({ change: "draft_branch", draft: id, branch });
    await this.#each(changes, () => { this.open({ view: "draft", id }); });
  }

  /** Deletes what is open, and opens an empty draft in its place. */
  async discard(change: Extract<Change, { change: "draft_delete" | "agent_delete" }>): Promise<void> {
    const { item, wanted } = this;
    await this.#each([change], () => {
      item?.words.sent();
      if (this.wanted === wanted) void this.create();
    });
  }

  /** Asks for changes one after the other, then goes on; a refusal is shown and stops it, and its button goes on there. */
  async #each(changes: readonly Change[], then: () => void): Promise<void> {
    for (const [place, change] of changes.entries()) {
      try {
        await this.backend.change(change);
        this.many.after(change);
      } catch (thrown) {
        this.fail(failureOf(thrown), () => void this.#each(changes.slice(place), then), placeOf(change));
        return;
      }
    }
    this.trouble = null;
    then();
  }

  /** Where pictures go. */
  get target(): ShotTarget | null {
    return this.wanted === null || this.wanted.view === "launch" ? null : targetOf(this.wanted);
  }

  /** Puts a picture of what is open on the desk. */
  mark(shot: string, fresh = false): void {
    if (this.item !== null && this.target !== null) this.desk = new Desk(this, this.item, shot, fresh);
  }

  /** Puts the screen that was taken on the desk, once its draft and the picture are here. */
  markCaptured(): void {
    const { captured, item } = this;
    if (captured === null || item?.draft?.id !== captured.draft) return;
    if (!item.draft.shots.some(({ id }) => id === captured.shot)) return;
    this.captured = null;
    this.desk = new Desk(this, item, captured.shot, true, captured.windows);
    this.desk.take("crop");
  }

  /** Takes a picture that an agent left into the answer to it, and puts it on the desk. */
  async markArtifact(agent: string, hash: string): Promise<void> {
    const shot = await this.act({ change: "shot_from_artifact", agent, hash });
    if (typeof shot === "string" && this.isOpen({ open: "agent", id: agent })) this.mark(shot, true);
  }

  /** Address of a picture for a width in CSS pixels, or in its original size. */
  picture(hash: string, width?: number): string {
    return width === undefined
      ? this.backend.pictureUrl(hash)
      : this.backend.pictureUrl(hash, width * this.surroundings.pixelRatio());
  }

  /**
   * Does what the button of a failure says, where the page as a whole can; false where it cannot. The failure is one
   * of `account`, the active one if nothing else is said.
   */
  remedy(remedy: Remedy, again: (() => void) | null = null, account = this.world.active): boolean {
    return remedied(this, remedy, again, account);
  }

  #feed(view: Feed["view"], apply: Feed["apply"], refused?: Feed["refused"]): Feed {
    const ask: FeedSurroundings["ask"] = (since, asked) => this.backend.changes(since, asked);
    return new Feed(view, apply, { ...this.surroundings, ask }, refused);
  }

  #opened(view: ItemView): Opened {
    const key = keyOf(view);
    let opened = this.#items.get(key);
    // A draft that was sent is gone, and comes back under the same name when it is taken back: it begins anew.
    if (opened === undefined || opened.item.gone) {
      const item = new Item(
        view,
        (change) => this.backend.change(change),
        (text) => this.backend.keyShapes(text),
        (before, to) => this.backend.earlier(view.id, before, to),
      );
      const feed = this.#feed(view, (changes) => {
        item.apply(changes);
        if (this.wanted !== null && keyOf(this.wanted) === key) {
          this.item = item;
          this.#settle();
        }
      });
      opened = { item, feed };
    }
    // The one opened last stands last, and the first go first.
    this.#items.delete(key);
    this.#items.set(key, opened);
    for (const [other, left] of this.#items) {
      if (this.#items.size <= kept) break;
      left.feed.stop();
      void left.item.leave();
      this.#items.delete(other);
    }
    return opened;
  }

  #keyOfRow(view: ItemView): string | null {
    return (
      this.world.rows.find(({ row }) => row.target.open === view.view && row.target.id === view.id)?.key ?? null
    );
  }

  /** Follows what became of the open item: a launch becomes an agent, a refused one a draft again. */
  #settle(): void {
    if (this.world.active !== this.#account) {
      this.#account = this.world.active;
      for (const { feed } of this.#items.values()) feed.stop();
      this.desk?.close();
      void this.leave();
      this.#items.clear();
      this.item = null;
      this.wanted = null;
      this.query = "";
      this.many.clear();
      this.many.read();
      if (this.#account !== null) void this.#begin();
      return;
    }
    const { wanted, item } = this;
    if (wanted === null) return;
    this.#rowKey ??= this.#keyOfRow(wanted);
    if (item === null || keyOf(item.view) !== keyOf(wanted)) return;
    if (item.launch?.state.state === "confirmed") {
      this.open({ view: "agent", id: item.launch.state.agent }, false);
      return;
    }
    if (item.launch?.state.state === "rejected") {
      // The draft is back, with the reason on it.
      this.open({ view: "draft", id: item.launch.draft }, false);
      return;
    }
    if (item.gone) {
      const row = this.#rowKey === null ? null : this.world.rowByKey(this.#rowKey);
      if (row !== null && !this.isOpen(row.target)) this.open(viewOf(row.target));
    }
  }

  /** The first page of an account: what was open in it last, or an empty draft. */
  async #begin(): Promise<void> {
    const first = this.#first;
    this.#first = null;
    if (first !== null && first.open !== "trouble" && first.open !== "capture") {
      if (first.open === "new") await this.create();
      else this.open(viewOf(first));
      return;
    }
    const left = this.world.left === null ? null : this.world.rowByKey(this.world.left);
    if (left === null || isEmptyDraft(left)) await this.create();
    else this.open(viewOf(left.target));
    // Opening something takes what was said before away.
    if (first !== null) this.show(first);
  }
}
