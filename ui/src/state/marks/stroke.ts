// A stroke while it is drawn, in pieces: those that are full stay as they are, whatever comes behind them.

import type { Mark } from "../../backend/bindings";
import { outlineOf, pathOf } from "./outline";

export type Stroke = Extract<Mark, { kind: "freehand" | "highlighter" }>;

/** Most points that the strokes on one picture may have together. */
export const mostPoints = 200_000;

/** The points of all strokes. */
export const countPoints = (marks: readonly Mark[]): number =>
  marks.reduce((sum, mark) => sum + (mark.kind === "freehand" || mark.kind === "highlighter" ? mark.points.length : 0), 0);

/** From point to point in one piece. */
export const pieceLength = 200;

export class StrokePieces {
  #begins: unknown;
  #full: string[] = [];

  /** The stroke as paths, one for each piece: together they cover what its outline covers. */
  of(stroke: Stroke): string[] {
    const { points } = stroke;
    if (points[0] !== this.#begins || points.length <= this.#full.length * pieceLength) {
      [this.#begins] = points;
      this.#full = [];
    }
    const piece = (nth: number): string => {
      const from = nth * pieceLength;
      return pathOf(outlineOf({ ...stroke, points: points.slice(from, from + pieceLength + 1) }));
    };
    while (points.length > (this.#full.length + 1) * pieceLength) this.#full.push(piece(this.#full.length));
    return [...this.#full, piece(this.#full.length)];
  }
}
