// Words cut where something about them is drawn. Pure.

/** A place in words, and how it looks. */
export interface Highlight {
  from: number;
  to: number;
  look: "number" | "warning";
}

/** A part of words that looks the same throughout. */
export interface Piece {
  text: string;
  look: Highlight["look"] | null;
}

/** The words in pieces; joined they are the same words. Of highlights over each other the first counts. */
export function piecesOf(text: string, highlights: readonly Highlight[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, look } of [...highlights].sort((one, other) => one.from - other.from)) {
    if (from < at || to <= from || to > text.length) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), look: null });
    pieces.push({ text: text.slice(from, to), look });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), look: null });
  return pieces;
}
