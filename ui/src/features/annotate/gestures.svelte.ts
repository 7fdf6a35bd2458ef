// What a pointer does on the stage, from press to release. Without DOM: places come in pixels of the picture.

import type { Mark, Point, Rect } from "../../backend/bindings";
import type { Desk } from "../../state/desk.svelte";
import { edgesOf, type Edges, type Guide, type Handle, handlesOf, hitAt, isHit, moved, placeOn, pulled, resized, snapped, snapsOf } from "../../state/marks/edit";
import { between, cropOf, frameOf, type Measure } from "../../state/marks/geometry";
import { countPoints, mostPoints } from "../../state/marks/stroke";
import { isStretched, stretched, type Stretched } from "../../state/marks/tools";

/** CSS pixels within which a mark, a handle or an edge counts as met. */
const reach = 6;
const handleReach = 9;
/** A pull shorter than this, in CSS pixels, draws nothing. */
const shortest = 4;

/** Keys that are held. */
export interface Held {
  even: boolean;
  free: boolean;
}

type Gesture =
  | { does: "move"; index: number; mark: Mark; from: Point; edges: Edges; moved: boolean }
  | { does: "resize"; index: number; mark: Mark; handle: Handle; edges: Edges }
  | { does: "stretch"; tool: Stretched; from: Point; edges: Edges }
  | { does: "stroke"; kind: "freehand" | "highlighter"; points: Point[]; most: number }
  | { does: "crop"; handle: Handle | "move" | "new"; from: Point; area: Rect; moved?: boolean };

export class Gestures {
  /** Lines that show what is in line. */
  guides: readonly Guide[] = $state.raw([]);
  #begun: Gesture | null = null;
  /** What the desk counted when it began. */
  #upset = 0;

  constructor(
    readonly desk: Desk,
    readonly measure: Measure,
    /** CSS pixels for one pixel of the picture. */
    readonly scale: () => number,
  ) {}

  get active(): boolean {
    return this.#gesture !== null;
  }

  /** What goes on. A mark that was deleted, restacked or undone by key meanwhile takes its gesture along. */
  get #gesture(): Gesture | null {
    if (this.#begun !== null && this.#upset !== this.desk.upset) {
      this.#begun = null;
      this.guides = [];
    }
    return this.#begun;
  }

  set #gesture(gesture: Gesture | null) {
    this.#begun = gesture;
    this.#upset = this.desk.upset;
  }

  /** Begins with a press; `twice` for a double click. */
  press(at: Point, twice: boolean, { free }: Held): void {
    const { desk } = this;
    if (desk.forgetting) return;
    if (desk.writing !== null || desk.speaking !== null) {
      desk.settle();
      if (desk.tool === "text") return;
    }
    if (desk.cropping !== null) {
      this.#gesture = this.#pressCrop(at, desk.cropping);
      return;
    }
    const selected = desk.selected === null ? undefined : desk.marks[desk.selected];
    if (desk.selected !== null && selected !== undefined) {
      const near = handleReach / this.scale();
      const handle = handlesOf(selected, this.measure).find((one) => Math.hypot(one.at.x - at.x, one.at.y - at.y) <= near);
      if (handle !== undefined) {
        this.#gesture = { does: "resize", index: desk.selected, mark: selected, handle: handle.handle, edges: this.#edges(desk.selected) };
        return;
      }
    }
    const index = this.under(at);
    const mark = desk.marks[index];
    if (mark !== undefined) {
      desk.selected = index;
      if (mark.kind === "text" && (twice || desk.tool === "text")) {
        desk.write(index, mark.at);
        return;
      }
      this.#gesture = { does: "move", index, mark, from: at, edges: this.#edges(index), moved: false };
      return;
    }
    desk.selected = null;
    const { tool } = desk;
    // Beside the picture nobody would see it.
    if ((tool === "text" || tool === "pin") && !this.#isOn(at)) return;
    if (tool === "text") desk.write(-1, { x: at.x, y: at.y - desk.sizes.text * 0.6 });
    else if (tool === "pin") desk.add({ kind: "pin", at, number: 0, size: desk.sizes.pin, color: desk.color });
    else if (tool === "pen" || tool === "highlighter") {
      const most = mostPoints - countPoints(desk.marks);
      if (most < 2) return;
      this.#gesture = { does: "stroke", kind: tool === "pen" ? "freehand" : tool, points: [at], most };
    }
    else if (isStretched(tool)) {
      const edges = this.#edges(-1);
      this.#gesture = { does: "stretch", tool, from: free ? at : this.#snap(at, edges), edges };
    }
  }

  /** Which mark a press would take: any with the arrow, the selected one and its own kind with a tool. */
  under(at: Point): number {
    const { tool, marks, selected } = this.desk;
    const near = reach / this.scale();
    if (tool === "pen" || tool === "highlighter" || tool === "crop" || !this.#isOn(at)) return -1;
    const index = hitAt(marks, at, near, this.measure);
    const kind = marks[index]?.kind;
    if (tool === "select" || (tool === "pin" && kind === "pin") || (tool === "text" && kind === "text")) return index;
    const mark = selected === null ? undefined : marks[selected];
    return selected !== null && mark !== undefined && isHit(mark, at, near, this.measure) ? selected : -1;
  }

  /** Goes on. At most once for each frame that is drawn. */
  pull(places: readonly Point[], { even, free }: Held): void {
    const gesture = this.#gesture;
    const at = places.at(-1);
    if (gesture === null || at === undefined) return;
    const { desk } = this;
    this.guides = [];
    switch (gesture.does) {
      case "move": {
        let by = { x: at.x - gesture.from.x, y: at.y - gesture.from.y };
        if (!gesture.moved && Math.hypot(by.x, by.y) * this.scale() < 3) return;
        gesture.moved = true;
        if (even) by = Math.abs(by.x) > Math.abs(by.y) ? { x: by.x, y: 0 } : { x: 0, y: by.y };
        if (!free) {
          const frame = frameOf(moved(gesture.mark, by), this.measure);
          const snap = snapped(snapsOf(frame), gesture.edges, reach / this.scale());
          by = { x: by.x + (even && by.x === 0 ? 0 : snap.by.x), y: by.y + (even && by.y === 0 ? 0 : snap.by.y) };
          this.guides = snap.guides;
        }
        desk.live = { index: gesture.index, mark: moved(gesture.mark, by) };
        return;
      }
      case "resize": {
        const to = free || even ? at : this.#snap(at, gesture.edges);
        desk.live = { index: gesture.index, mark: resized(gesture.mark, gesture.handle, to, even, this.measure) };
        return;
      }
      case "stretch": {
        const to = free || even ? at : this.#snap(at, gesture.edges);
        desk.live = { index: -1, mark: stretched(gesture.tool, gesture.from, to, even, { color: desk.color, width: desk.sizes.stroke }) };
        return;
      }
      case "stroke": {
        const [first] = gesture.points;
        if (even && first !== undefined) gesture.points = [first, at];
        else for (const place of places) this.#draw(gesture, place);
        desk.live = { index: -1, mark: this.#strokeOf(gesture.kind, [...gesture.points]) };
        return;
      }
      case "crop":
        if (gesture.moved !== true && Math.hypot(at.x - gesture.from.x, at.y - gesture.from.y) * this.scale() < 3) return;
        gesture.moved = true;
        desk.cropping = this.#croppedTo(gesture, free ? at : this.#snap(at, edgesOf([], -1, this.#whole(), this.measure)), even);
        return;
    }
  }

  /** Ends with the release: what was drawn or moved is kept. */
  release(): void {
    const gesture = this.#gesture;
    const { desk } = this;
    const { live } = desk;
    this.#gesture = null;
    this.guides = [];
    if (gesture?.does === "stroke") {
      const { kind, points } = gesture;
      desk.add(this.#strokeOf(kind, points), false);
    } else if (gesture?.does === "crop") {
      const { width, height } = desk.picture;
      const kept = desk.cropping === null || gesture.moved !== true ? null : cropOf(desk.cropping, width, height);
      desk.cropping = kept ?? this.#windowAt(gesture.from) ?? gesture.area;
    } else if (live !== null && gesture?.does === "stretch") {
      const { width, height } = frameOf(live.mark, this.measure);
      if (Math.hypot(width, height) * this.scale() < shortest) desk.live = null;
      else desk.add(live.mark);
    } else if (live !== null) desk.put(live.index, live.mark);
    else if (gesture?.does === "move" && gesture.mark.kind === "pin") desk.speaking = gesture.mark.number;
  }

  /** Nothing of it is kept. */
  cancel(): boolean {
    const was = this.active;
    if (this.#gesture?.does === "crop") this.desk.cropping = this.#gesture.area;
    this.#gesture = null;
    this.guides = [];
    this.desk.live = null;
    return was;
  }

  /** What of the topmost window there is on the picture. */
  #windowAt({ x, y }: Point): Rect | null {
    const { width, height } = this.desk.picture;
    const window = this.desk.windows.find((one) => x >= one.x && y >= one.y && x < one.x + one.width && y < one.y + one.height);
    return window === undefined ? null : cropOf(window, width, height);
  }

  #whole(): Rect {
    const { width, height } = this.desk.picture;
    return { x: 0, y: 0, width, height };
  }

  /** Whether a place is on what is kept of the picture: marks beside it are not seen. */
  #isOn({ x, y }: Point): boolean {
    const { kept } = this.desk;
    const near = reach / this.scale();
    return x >= kept.x - near && y >= kept.y - near && x <= kept.x + kept.width + near && y <= kept.y + kept.height + near;
  }

  #edges(but: number): Edges {
    return edgesOf(this.desk.marks, but, this.desk.kept, this.measure);
  }

  #snap(at: Point, edges: Edges): Point {
    const { by, guides } = snapped({ x: [at.x], y: [at.y] }, edges, reach / this.scale());
    this.guides = guides;
    return { x: at.x + by.x, y: at.y + by.y };
  }

  /** A hand that rests adds nothing, nor does one that draws more than can be sent. */
  #draw({ points, most }: { points: Point[]; most: number }, place: Point): void {
    const last = points.at(-1);
    if (points.length >= most) return;
    if (last === undefined || Math.hypot(place.x - last.x, place.y - last.y) * this.scale() >= 1) points.push(place);
  }

  #strokeOf(kind: "freehand" | "highlighter", points: Point[]): Mark {
    const { color, sizes } = this.desk;
    return { kind, points, color, width: kind === "freehand" ? sizes.stroke : sizes.highlight };
  }

  #pressCrop(at: Point, area: Rect): Gesture {
    const near = handleReach / this.scale();
    const handles: Handle[] = ["nw", "ne", "se", "sw", "n", "e", "s", "w"];
    const handle = handles.find((one) => {
      const { x, y } = placeOn(area, one);
      return Math.hypot(x - at.x, y - at.y) <= near;
    });
    if (handle !== undefined) return { does: "crop", handle, from: at, area };
    const inside = at.x > area.x && at.y > area.y && at.x < area.x + area.width && at.y < area.y + area.height;
    const { width, height } = this.desk.picture;
    const all = area.width >= width && area.height >= height;
    return { does: "crop", handle: inside && !all ? "move" : "new", from: at, area };
  }

  #croppedTo({ handle, from, area }: Extract<Gesture, { does: "crop" }>, at: Point, even: boolean): Rect {
    const { width, height } = this.desk.picture;
    const clamp = (number: number, most: number): number => Math.min(most, Math.max(0, number));
    const on = { x: clamp(at.x, width), y: clamp(at.y, height) };
    if (handle === "new") return between({ x: clamp(from.x, width), y: clamp(from.y, height) }, on);
    if (handle === "move") {
      return { ...area, x: clamp(area.x + at.x - from.x, width - area.width), y: clamp(area.y + at.y - from.y, height - area.height) };
    }
    const { x, y, width: wide, height: high } = pulled(area, handle, on, even);
    return between({ x, y }, { x: x + wide, y: y + high });
  }
}
