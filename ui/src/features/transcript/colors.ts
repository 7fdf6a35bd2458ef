// The colors of code, asked for once: what is drawn again has them at once.

import type { Backend } from "../../backend/backend";
import type { CodeKind, CodeRun } from "../../backend/bindings";

/** How many blocks are kept. */
const most = 100;
const kept = new Map<string, readonly CodeRun[]>();

const keyOf = (language: string, code: string): string => `${language}\n${code}`;

/** The colors that are known already. */
export const knownColors = (language: string, code: string): readonly CodeRun[] | undefined => kept.get(keyOf(language, code));

/** Asks for the colors; code that cannot be colored stays plain. */
export async function askColors(backend: Backend, language: string, code: string): Promise<readonly CodeRun[]> {
  const key = keyOf(language, code);
  const runs = await backend.codeColors(language, code);
  kept.set(key, runs);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return runs;
}

/** Code in pieces of one color; what stands behind the colored beginning is plain. */
export function codePieces(code: string, runs: readonly CodeRun[]): { kind: CodeKind; text: string }[] {
  const pieces: { kind: CodeKind; text: string }[] = [];
  let at = 0;
  for (const [kind, length] of runs) {
    if (at >= code.length) break;
    pieces.push({ kind, text: code.slice(at, at + length) });
    at += length;
  }
  if (at < code.length) pieces.push({ kind: "plain", text: code.slice(at) });
  return pieces;
}
