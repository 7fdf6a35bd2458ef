// How large a picture is looked at, in CSS pixels for one of its own. Pure.

/** A width and a height. */
export interface Extent {
  width: number;
  height: number;
}

const mostScale = 16;

/** One key or notch closer; its reciprocal goes as far back. */
export const closer = 1.25;

/** All of a picture in a room, never blurred by being larger than it is. */
export const fitting = (picture: Extent, room: Extent): number =>
  Math.min(1, Math.max(1, room.width) / picture.width, Math.max(1, room.height) / picture.height);

/** A wished scale within reason; null is the one that fits, which follows the window. `pixel` is a device pixel. */
export function bounded(wished: number, fit: number, pixel: number): number | null {
  const scale = Math.min(mostScale, Math.max(Math.min(fit, pixel), wished));
  return Math.abs(scale / fit - 1) < 0.01 ? null : scale;
}
