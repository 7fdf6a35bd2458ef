// Marks on pictures, and pictures that come back.

import { Refusal } from "../backend";
import type { Change, Fit, Markup, Shot, ShotTarget } from "../bindings";
import { flattened } from "./pictures";

/** What can be asked of pictures, whatever they are in. */
type ShotChange = Extract<Change, { change: "shot_mark" | "shot_forget" | "shot_restore" }>;

/** Makes the pictures of something others, and its words where they are given. */
export type Edit = (target: ShotTarget, change: (shots: readonly Shot[]) => Shot[], text?: string | null) => void;

const empty = ({ crop, marks }: Markup): boolean => crop === null && marks.length === 0;

function marked(shot: Shot, markup: Markup): Shot {
  const { hash, mime, width, height, bytes, notes } = shot;
  const original = shot.original ?? { hash, mime, width, height, bytes, notes };
  return empty(markup) ? { ...shot, ...original, original: null, markup, drawing: false } : { ...shot, original, markup, drawing: true };
}

export class Shots {
  readonly #removed = new Map<string, Shot>();

  constructor(
    readonly edit: Edit,
    /** How long marks take to be drawn in. */
    readonly rest = 60,
    /** How light pictures are made. */
    readonly fit: () => Fit = () => "sharp",
  ) {}

  /** Makes the pictures of something as light as is chosen now. */
  fitAll(target: ShotTarget): void {
    this.edit(target, (shots) => shots.map((shot) => flattened(shot, this.fit())));
  }

  change(change: ShotChange): null {
    switch (change.change) {
      case "shot_mark": {
        const { target, marked: all, text } = change;
        const of = new Map(all.map(({ shot, markup }) => [shot, markup]));
        this.edit(
          target,
          (shots) => {
            if (all.some(({ shot }) => !shots.some(({ id }) => id === shot))) throw new Refusal({ code: "notFound" });
            return shots.map((shot) => {
              const markup = of.get(shot.id);
              return markup === undefined ? shot : marked(shot, markup);
            });
          },
          text,
        );
        setTimeout(() => { this.#draw(target); }, this.rest);
        return null;
      }
      case "shot_forget":
        this.#draw(change.target);
        this.edit(change.target, (shots) =>
          shots.map((shot) => (shot.id === change.shot ? { ...shot, original: null, markup: { crop: null, marks: [] } } : shot)),
        );
        return null;
      case "shot_restore": {
        const shot = this.#removed.get(change.shot);
        if (shot === undefined) throw new Refusal({ code: "notFound" });
        this.#removed.delete(change.shot);
        this.edit(change.target, (shots) => [...shots.slice(0, change.index), shot, ...shots.slice(change.index)]);
        return null;
      }
    }
  }

  /** Takes a picture away, so that it can be put back. */
  remove(target: ShotTarget, index: number): null {
    this.edit(target, (shots) => {
      const shot = shots[index];
      if (shot !== undefined) this.#removed.set(shot.id, shot);
      return shots.filter((_, place) => place !== index);
    });
    return null;
  }

  #draw(target: ShotTarget): void {
    this.edit(target, (shots) => shots.map((shot) => (shot.drawing ? flattened(shot, this.fit()) : shot)));
  }
}
