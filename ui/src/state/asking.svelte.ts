// What a composer does about what looks like a key, beside drawing it.

import type { Shot } from "../backend/bindings";
import { mentions, pinsOf } from "./marks/pins";
import { type Finding, type Place, placesOf, type Secrets } from "./secrets.svelte";

interface Written {
  secrets: Secrets;
  words: { text: string };
}

interface Does {
  /** Says of one that it was found; each is said once. */
  tell: (finding: Finding) => void;
  /** Puts the focus on the first question: Send waits for its answer. */
  ask: () => void;
}

/** Looks at the words of a composer while they are written. To be called when its component begins. */
export function watchSecrets(written: () => Written, { tell, ask }: Does): void {
  $effect(() => {
    const { secrets, words } = written();
    secrets.rest(words.text);
    return () => { secrets.leave(); };
  });
  $effect(() => {
    const { secrets, words } = written();
    for (const finding of secrets.untold(secrets.open(words.text))) tell(finding);
  });
  $effect(() => {
    const { secrets } = written();
    if (!secrets.asking) return;
    secrets.asking = false;
    ask();
  });
}

/** What looks different in words: the numbers of pins that are there, and what looks like a key. */
export function highlightsOf(
  text: string,
  shots: readonly Pick<Shot, "markup">[],
  findings: readonly Finding[],
): (Place & { look: "number" | "warning" })[] {
  const pins = new Set(pinsOf(shots.map(({ markup }) => markup)).map(({ number }) => number));
  return [
    ...placesOf(text, findings.map(({ value }) => value)).map((place) => ({ ...place, look: "warning" as const })),
    ...mentions(text, Math.max(0, ...pins))
      .filter(({ number }) => pins.has(number))
      .map(({ at, length }) => ({ from: at, to: at + length, look: "number" as const })),
  ];
}
