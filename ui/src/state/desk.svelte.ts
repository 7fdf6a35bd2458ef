// The desk: marks on the pictures of one draft or answer while they are drawn, with undo, saved after every gesture.

import { failureOf } from "../backend/backend";
import type { Change, Color, Mark, Marked, Markup, Point, Rect, Shot, ShotId, ShotTarget } from "../backend/bindings";
import type { Item } from "./item.svelte";
import { moved, restacked } from "./marks/edit";
import { cropOf, isWhole } from "./marks/geometry";
import { History } from "./marks/history";
import { countPins, outside, pinsOf, pinWords, settled, spokenOf, unspoken, withPinWords } from "./marks/pins";
import { colored, type ColorName, colors, type Pen, type Sizes, sizesOf, type Tool, type Width, widened } from "./marks/tools";
import { targetOf } from "./sending";
import type { Session } from "./session.svelte";

/** What is drawn, and the words: one step of undo. */
interface State {
  markups: ReadonlyMap<ShotId, Markup>;
  text: string;
}

const same = (one: State, other: State): boolean =>
  one.text === other.text &&
  one.markups.size === other.markups.size &&
  [...one.markups].every(([id, markup]) => other.markups.get(id) === markup);

/** What of a picture is sent. */
function keptOf(shot: Pick<Shot, "width" | "height"> & { original?: Shot["original"] }, { crop }: Markup): Rect {
  const { width, height } = shot.original ?? shot;
  return crop ?? { x: 0, y: 0, width, height };
}

/** What is kept from one desk to the next, until the app is closed. */
export class Kit {
  tool: Tool = $state("arrow");
  pen: Pen = $state.raw({ color: "red", highlight: "yellow", width: "medium" });
}

export class Desk {
  readonly target: ShotTarget;
  /** The picture that is on the desk. */
  at: ShotId = $state("");
  tool: Tool = $state("arrow");
  /** Place of the mark that is selected. */
  selected: number | null = $state(null);
  /** A mark while it is dragged or drawn: in its place, or on top (-1). */
  live: { index: number; mark: Mark } | null = $state.raw(null);
  /** Words being written on the picture: of a text that is there, or of a new one (-1). */
  writing: { index: number; at: Point; text: string; size: number; color: Color } | null = $state.raw(null);
  /** The number of the pin that is being spoken of. */
  speaking: number | null = $state(null);
  /** What is to be kept of the picture, while that is chosen. */
  cropping: Rect | null = $state.raw(null);
  /** Whether the picture came to the desk with this, and leaves again when all is taken back. */
  readonly fresh: boolean;
  /** Windows on a captured screen, the topmost first: a click on one crops to it. */
  readonly windows: readonly Rect[];
  /** Whether it is sent from here. */
  readonly sends: boolean;
  /** Counts up whenever what a gesture began on is not there any more, or is another. */
  upset = 0;
  /** Whether the original is being forgotten: nothing can be drawn until then. */
  forgetting = $state(false);
  canUndo = $state(false);
  canRedo = $state(false);

  #markups: ReadonlyMap<ShotId, Markup> = $state.raw(new Map());
  #history: History<State>;
  #saved: State;

  constructor(
    readonly session: Session,
    readonly item: Item,
    at: ShotId,
    fresh = false,
    captured: readonly Rect[] | null = null,
  ) {
    this.target = targetOf(item.view);
    this.at = at;
    this.fresh = fresh;
    this.windows = captured ?? [];
    this.sends = captured !== null || this.target.into === "answer";
    this.tool = session.kit.tool;
    this.#markups = this.#all();
    this.#history = new History({ markups: this.#markups, text: this.text }, same);
    this.#saved = this.#history.present;
  }

  /** The pictures, as the core has them. */
  get shots(): readonly Shot[] {
    return this.item.draft?.shots ?? this.item.agent?.answer.shots ?? [];
  }

  /** The picture on the desk; null before it is here, and when it is gone. */
  get shot(): Shot | null {
    return this.shots.find(({ id }) => id === this.at) ?? null;
  }

  /** What is marked: the picture as it was taken in. */
  get picture(): { hash: string; width: number; height: number } {
    return this.shot?.original ?? this.shot ?? { hash: "", width: 1, height: 1 };
  }

  get markup(): Markup {
    return this.#markupOf(this.at);
  }

  get marks(): readonly Mark[] {
    return this.markup.marks;
  }

  /** What is drawn on all pictures, in their order. */
  get markups(): Markup[] {
    return this.shots.map(({ id }) => this.#markupOf(id));
  }

  get text(): string {
    return this.item.words.text;
  }

  /** How many pins there are on all pictures. */
  readonly pins: number = $derived.by(() => countPins(this.markups));

  /** Whether there are pins on this picture: burnt in, they would not count any more. */
  get isPinned(): boolean {
    return pinsOf([this.markup]).length > 0;
  }

  /** The pins of which the words do not speak. */
  get unspoken(): number[] {
    return unspoken(this.text, this.pins);
  }

  /** The pins that are not on what is kept of their picture. */
  get outside(): number[] {
    return outside(this.markups, this.shots.map((shot) => keptOf(shot, this.#markupOf(shot.id))));
  }

  /** What is kept of the picture on the desk. */
  get kept(): Rect {
    return keptOf(this.picture, this.markup);
  }

  get pen(): Pen {
    return this.session.kit.pen;
  }

  get sizes(): Sizes {
    return sizesOf(this.picture, this.pen.width);
  }

  /** The color that the tool draws in. */
  get colorName(): ColorName {
    return this.tool === "highlighter" ? this.pen.highlight : this.pen.color;
  }

  get color(): Color {
    return colors[this.colorName];
  }

  /** Whether anything is another than when the desk was opened. */
  get changed(): boolean {
    const now = this.#now();
    return !same(this.#history.first, now);
  }

  /** Takes up a tool; what was chosen to be cropped is cropped. */
  take(tool: Tool): void {
    this.settle();
    this.tool = tool;
    if (tool !== "select") this.selected = null;
    if (tool === "crop") {
      const { width, height } = this.picture;
      this.cropping = this.markup.crop ?? { x: 0, y: 0, width, height };
    } else this.session.kit.tool = tool;
  }

  /** Ends the crop with the tool that was used before it. */
  endCrop(): void {
    this.take(this.session.kit.tool);
  }

  /** Another color, for what is drawn next and for what is selected. */
  recolor(name: ColorName): void {
    const highlights = this.tool === "highlighter";
    this.session.kit.pen = { ...this.pen, [highlights ? "highlight" : "color"]: name };
    this.#alter((mark) => colored(mark, colors[name]));
  }

  /** Another width, for what is drawn next and for what is selected. */
  rewiden(width: Width): void {
    this.session.kit.pen = { ...this.pen, width };
    this.#alter((mark) => widened(mark, this.sizes));
  }

  /** Puts a new mark on top; a pin gets the next number and its line. */
  add(mark: Mark, select = true): void {
    this.live = null;
    if (this.forgetting) return;
    const pinned = mark.kind === "pin" ? { ...mark, number: this.pins + 1 } : mark;
    const text = pinned.kind === "pin" ? spokenOf(this.text, pinned.number) : this.text;
    // A redaction hides the picture, not the numbers that the words speak of.
    const pins = pinned.kind === "redact" ? this.marks.findIndex(({ kind }) => kind === "pin") : -1;
    const place = pins < 0 ? this.marks.length : pins;
    this.#step({ ...this.markup, marks: [...this.marks.slice(0, place), pinned, ...this.marks.slice(place)] }, text);
    if (select) this.selected = place;
    if (pinned.kind === "pin") this.speaking = pinned.number;
  }

  /** Makes a mark another. */
  put(index: number, mark: Mark): void {
    this.live = null;
    if (this.marks[index] === undefined || this.marks[index] === mark) return;
    this.#step({ ...this.markup, marks: this.marks.map((other, place) => (place === index ? mark : other)) });
  }

  /** Takes a mark away; of a pin its number too, and the others close up. */
  remove(index: number): void {
    if (this.marks[index] === undefined) return;
    this.selected = null;
    this.speaking = null;
    this.#step({ ...this.markup, marks: this.marks.filter((_, place) => place !== index) });
  }

  /** Puts the same mark there once more, a little aside. */
  duplicate(index: number): void {
    const mark = this.marks[index];
    if (mark === undefined) return;
    const aside = this.sizes.stroke * 4;
    this.add(moved(mark, { x: aside, y: aside }));
    this.speaking = null;
  }

  /** Moves a mark below or above its neighbor; keeps it selected. */
  restack(index: number, by: number): void {
    const order = restacked(this.marks, index, by);
    if (order.index === index) return;
    this.#step({ ...this.markup, marks: order.marks });
    this.selected = order.index;
  }

  nudge(index: number, by: Point): void {
    const mark = this.marks[index];
    if (mark !== undefined) this.put(index, moved(mark, by));
  }

  /** What the words say of a pin. */
  pinWords(number: number): string {
    return pinWords(this.text, number, this.pins);
  }

  /** Says something of a pin; a step of undo once it is closed. */
  speak(number: number, words: string): void {
    this.item.words.write(withPinWords(this.text, number, this.pins, words));
  }

  /** Begins to write on the picture, or goes on. */
  write(index: number, at: Point): void {
    if (this.forgetting) return;
    const mark = this.marks[index];
    this.upset += 1;
    this.live = null;
    this.selected = null;
    this.writing =
      mark?.kind === "text"
        ? { index, at: mark.at, text: mark.text, size: mark.size, color: mark.color }
        : { index: -1, at, text: "", size: this.sizes.text, color: this.color };
  }

  /** Ends what is being written, spoken or cropped, and keeps it. */
  settle(): void {
    const { writing, cropping } = this;
    this.upset += 1;
    this.writing = null;
    this.speaking = null;
    this.cropping = null;
    this.live = null;
    if (writing !== null) {
      const { index, at, size, color } = writing;
      const text = writing.text.replace(/\s+$/, "");
      const before = this.marks[index];
      if (text.trim() === "") this.remove(index);
      else if (before?.kind !== "text") this.add({ kind: "text", at, text, size, color });
      else if (before.text !== text) this.put(index, { ...before, text });
    }
    if (cropping !== null) this.#crop(cropping);
    this.#absorb();
  }

  /** Keeps only a part of the picture. */
  #crop(area: Rect): void {
    const { width, height } = this.picture;
    const kept = cropOf(area, width, height);
    const crop = kept === null || isWhole(kept, width, height) ? null : kept;
    if (JSON.stringify(crop) !== JSON.stringify(this.markup.crop)) this.#step({ ...this.markup, crop });
  }

  undo(): void {
    if (this.forgetting) return;
    this.settle();
    this.#restore(this.#history.undo());
  }

  redo(): void {
    if (this.forgetting) return;
    this.settle();
    this.#restore(this.#history.redo());
  }

  /** Another picture of the same draft. */
  turn(by: number): void {
    const shots = this.shots;
    const other = shots[shots.findIndex(({ id }) => id === this.at) + by];
    if (other === undefined) return;
    this.settle();
    this.selected = null;
    if (this.tool === "crop") this.tool = this.session.kit.tool;
    this.at = other.id;
  }

  /** Drops what is below the marks: they stay as pixels, and nothing of before can come back. */
  async forget(): Promise<void> {
    this.settle();
    const { at } = this;
    this.forgetting = true;
    try {
      if (!(await this.#save())) return;
      if ((await this.session.act({ change: "shot_forget", target: this.target, shot: at })) === undefined) return;
    } finally {
      this.forgetting = false;
    }
    this.selected = null;
    const markups = new Map(this.#markups);
    markups.set(at, { crop: null, marks: [] });
    this.#markups = markups;
    this.#history = new History(this.#now(), same);
    this.#saved = this.#history.present;
    this.#show();
  }

  /** Leaves the desk; everything is saved already, or on its way. */
  close(): void {
    if (this.session.desk !== this) return;
    this.settle();
    this.session.desk = null;
    void this.item.words.flush();
  }

  /** Takes back everything since the desk was opened, and leaves it. */
  async cancel(): Promise<void> {
    if (this.forgetting) return;
    this.writing = null;
    this.cropping = null;
    this.#restore(this.#history.first);
    const { fresh, shots, target, at } = this;
    this.close();
    await this.#save();
    const index = shots.findIndex(({ id }) => id === at);
    if (!fresh || index < 0) return;
    const { id } = target;
    this.item.marking.forget(at);
    await this.session.act(
      target.into === "draft" ? { change: "draft_shot_remove", draft: id, index } : { change: "answer_shot_remove", agent: id, index },
    );
  }

  /** Waits until everything is saved; resolves to whether it is. */
  saved(): Promise<boolean> {
    return this.#save();
  }

  #markupOf(id: ShotId): Markup {
    const held = this.#markups.get(id);
    if (held !== undefined) return held;
    const shot = this.shots.find((one) => one.id === id);
    return shot === undefined ? { crop: null, marks: [] } : this.item.marking.of(shot);
  }

  #all(): ReadonlyMap<ShotId, Markup> {
    return new Map(this.shots.map(({ id }) => [id, this.#markupOf(id)]));
  }

  #now(): State {
    // Held from here on: what the feed brings is an echo. A picture that came meanwhile was always there, for undo.
    const all = this.#all();
    const { markups } = this.#history.present;
    const came = [...all].filter(([id]) => !markups.has(id));
    if (came.length > 0) {
      const met = (state: State): State => ({ ...state, markups: new Map([...came, ...state.markups]) });
      this.#history.revise(met);
      this.#saved = met(this.#saved);
    }
    this.#markups = all;
    return { markups: all, text: this.text };
  }

  /** Words that were written beside this are a step of their own. */
  #absorb(): void {
    this.#history.push(this.#now());
    this.#show();
  }

  /** One step: another markup of the picture on the desk. Pins are numbered anew where one came or went. */
  #step(markup: Markup, text = this.text): void {
    if (this.forgetting) return;
    this.#absorb();
    const before = pinsOf(this.markups).length;
    const ids = this.shots.map(({ id }) => id);
    const next = settled({ markups: ids.map((id) => (id === this.at ? markup : this.#markupOf(id))), text }, Math.max(before, countPins([markup])));
    this.#restore({ markups: new Map(ids.map((id, place) => [id, next.markups[place] ?? markup])), text: next.text });
    this.#history.push(this.#now());
    this.#show();
  }

  /** Makes the selected mark another. */
  #alter(change: (mark: Mark) => Mark): void {
    const { selected } = this;
    const mark = selected === null ? undefined : this.marks[selected];
    if (selected !== null && mark !== undefined) this.put(selected, change(mark));
  }

  #restore({ markups, text }: State): void {
    this.upset += 1;
    this.live = null;
    this.#markups = markups;
    if (text !== this.text) this.item.words.write(text);
    if (this.selected !== null && this.selected >= this.marks.length) this.selected = null;
    this.#show();
    void this.#save();
  }

  #show(): void {
    this.canUndo = this.#history.canUndo;
    this.canRedo = this.#history.canRedo;
  }

  /** Saves what is on the desk now: a kill loses nothing but the gesture under way. Resolves to whether it is kept. */
  async #save(): Promise<boolean> {
    const { item, session } = this;
    const now: State = { markups: this.#all(), text: this.text };
    const marked: Marked[] = [...now.markups]
      .filter(([id, markup]) => this.#saved.markups.get(id) !== markup || item.marking.isUnsaved(id))
      .map(([shot, markup]) => ({ shot, markup }));
    if (marked.length === 0) {
      await item.marking.done();
      return item.marking.refusal === null;
    }
    const spoken = now.text !== this.#saved.text;
    this.#saved = now;
    // The words as they are when it is their turn: others may have been typed while those before were saved.
    const change = (): Change => ({ change: "shot_mark", target: this.target, marked, text: spoken ? item.words.text : null });
    const kept = await item.marking.put(marked, () => session.backend.change(change()));
    if (kept) session.trouble = null;
    else session.fail(failureOf(item.marking.refusal), () => void this.#save(), item.view);
    return kept;
  }
}
