// Code as the core would color it, roughly: enough to be looked at.

import type { CodeKind, CodeRun } from "../bindings";

const parts: readonly (readonly [CodeKind, RegExp])[] = [
  ["comment", /^(?:\/\/.*|\/\*[^]*?\*\/|#.*)/],
  ["text", /^(?:"[^"\n]*"|'[^'\n]*'|`[^`]*`)/],
  ["keyword", /^(?:import|from|export|function|return|const|let|if|else|for|async|await|new|class)\b/],
  ["number", /^(?:\d[\w.%]*|true|false|null)\b%?/],
  ["property", /^[a-z-]+(?=\s*:)/],
  ["function", /^[a-z]\w*(?=\()/i],
  ["type", /^[A-Z]\w*/],
  ["plain", /^(?:\w+|[^])/],
];

export function colorsOf(language: string, code: string): CodeRun[] {
  const runs: CodeRun[] = [];
  if (language === "") return runs;
  let rest = code;
  while (rest !== "") {
    const [kind, length] = parts.map(([of, pattern]) => [of, pattern.exec(rest)?.[0].length ?? 0] as const).find(([, found]) => found > 0) ?? ["plain", 1];
    const last = runs.at(-1);
    if (last?.[0] === kind) last[1] += length;
    else runs.push([kind, length]);
    rest = rest.slice(length);
  }
  return runs;
}
