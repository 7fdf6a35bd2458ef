// Where a picture stands on the desk: its scale and its upper left corner, in CSS pixels. Pure.

import type { Point, Rect } from "../../backend/bindings";

export interface Sight {
  /** CSS pixels for one pixel of the picture. */
  scale: number;
  /** From the left edge of the stage to that of the picture. */
  x: number;
  /** From the top edge of the stage to that of the picture. */
  y: number;
}

export interface Room {
  width: number;
  height: number;
}

/** Pixels that stay free around a picture that fits. */
const margin = 28;
/** A picture smaller than this is shown larger than it is. */
const small = 320;
const leastScale = 0.02;
const mostScale = 64;

const middled = ({ x, y, width, height }: Rect, scale: number, room: Room): Sight => ({
  scale,
  x: Math.round((room.width - width * scale) / 2 - x * scale),
  y: Math.round((room.height - height * scale) / 2 - y * scale),
});

/** All of an area in sight, as large as the room allows but not blurred; `pixel` is the size of a device pixel. */
export function fitted(area: Rect, room: Room, pixel: number): Sight {
  const most = Math.min((room.width - 2 * margin) / area.width, (room.height - 2 * margin) / area.height);
  const sharp = Math.max(1, pixel, Math.floor(small / Math.max(area.width, area.height)));
  return middled(area, Math.max(leastScale, Math.min(most, sharp, mostScale)), room);
}

/** A scale with an area in the middle. */
export const centered = (area: Rect, scale: number, room: Room): Sight => middled(area, scale, room);

/** Closer or farther, with what is at a place staying there. */
export function zoomed(sight: Sight, factor: number, { x, y }: Point): Sight {
  const scale = Math.min(mostScale, Math.max(leastScale, sight.scale * factor));
  const by = scale / sight.scale;
  return { scale, x: x - (x - sight.x) * by, y: y - (y - sight.y) * by };
}

/** Moved, but never out of sight. */
export function panned(sight: Sight, by: Point, area: Rect, room: Room): Sight {
  const kept = 80;
  const clamp = (to: number, start: number, length: number, most: number): number => {
    const stay = Math.min(kept, length);
    return Math.min(most - stay - start, Math.max(stay - length - start, to));
  };
  return {
    scale: sight.scale,
    x: clamp(sight.x + by.x, area.x * sight.scale, area.width * sight.scale, room.width),
    y: clamp(sight.y + by.y, area.y * sight.scale, area.height * sight.scale, room.height),
  };
}

/** A place of the stage on the picture. */
export const onPicture = (sight: Sight, { x, y }: Point): Point => ({ x: (x - sight.x) / sight.scale, y: (y - sight.y) / sight.scale });

/** A place of the picture on the stage. */
export const onStage = (sight: Sight, { x, y }: Point): Point => ({ x: sight.x + x * sight.scale, y: sight.y + y * sight.scale });
