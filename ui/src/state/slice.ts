// Which lines of a long list are drawn. Lines have one of two known heights, so no line is ever measured. Pure.

/** Where every line begins, and where the last ends. */
export function offsetsOf(heights: readonly number[]): Float64Array {
  const offsets = new Float64Array(heights.length + 1);
  for (let index = 0; index < heights.length; index += 1) {
    offsets[index + 1] = (offsets[index] ?? 0) + (heights[index] ?? 0);
  }
  return offsets;
}

/** The last line that begins at or above `position`. */
export function lineAt(offsets: Float64Array, position: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The lines to draw for a scroll position: `from` included, `to` not. */
export function sliceOf(
  offsets: Float64Array,
  scrollTop: number,
  height: number,
  spare: number,
): { from: number; to: number } {
  const count = offsets.length - 1;
  if (count <= 0) return { from: 0, to: 0 };
  const from = Math.max(0, lineAt(offsets, scrollTop) - spare);
  const to = Math.min(count, lineAt(offsets, scrollTop + height) + 1 + spare);
  return { from, to };
}
