// What the pictures of a draft weigh, as they go and as they were taken in. Pure.

import type { Shot } from "../backend/bindings";
import type { Load } from "../text/page";

/** All pictures together; of a single one its width and height too. */
export function loadOf(shots: readonly Shot[]): Load {
  const sum = (pictures: readonly { width: number; height: number; bytes: number }[]): Load["now"] => ({
    edges: pictures.length === 1 && pictures[0] !== undefined ? [pictures[0].width, pictures[0].height] : null,
    pixels: pictures.reduce((pixels, { width, height }) => pixels + width * height, 0),
    bytes: pictures.reduce((bytes, { bytes: one }) => bytes + one, 0),
  });
  return {
    count: shots.length,
    now: sum(shots),
    before: sum(shots.map((shot) => shot.original ?? shot)),
    squeezed: shots.some(({ notes }) => notes.some((note) => note.note === "fitted" && note.lossy)),
  };
}
