// What is known before something is sent: asked for anew whenever that on which it depends changes.

import type { Outlook, ShotTarget } from "../backend/bindings";
import { estimateWords, reachedWords } from "../text/outlook";
import { page } from "../text/page";
import type { Session } from "./session.svelte";

/** In words: what a run usually costs and by what that is known, and the user's own limit that was reached. */
export interface OutlookTold {
  readonly estimate: { text: string; tip: string } | null;
  readonly reached: string | null;
}

/** Asks about a draft or an answer, again when `given` changes. To be called when its component begins. */
export function watchOutlook(session: Session, target: () => ShotTarget, given: () => unknown): OutlookTold {
  let told: Outlook | null = $state.raw(null);
  const about = $derived(JSON.stringify([target(), given(), session.world.active, session.world.settings.spending]));
  $effect(() => {
    const asked = about;
    // Worth having, and never worth a word when it cannot be had.
    void session.backend.outlook(target()).catch(() => null).then((outlook) => { if (asked === about) told = outlook; });
  });
  return {
    get estimate() {
      const estimate = told?.estimate ?? null;
      return estimate && { text: estimateWords(estimate), tip: page.usage.estimateTip(estimate.runs, estimate.sameModel) };
    },
    get reached() { return told === null ? null : reachedWords(told.limits); },
  };
}
