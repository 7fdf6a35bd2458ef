// Choosing for a draft: what was refused is said where it was chosen.

import { failureOf } from "../../backend/backend";
import type { Change } from "../../backend/bindings";
import type { Session } from "../../state/session.svelte";
import { failureWords, type Remedy } from "../../text/failure";

/**
 * Asks for a change out of a popover. Resolves to null when there is nothing left to do there, or to the sentence that
 * the popover shows and stays open with, when its own list is the next step. All other refusals are the page's.
 */
export async function choose(session: Session, change: Change, step: Remedy["does"]): Promise<string | null> {
  try {
    await session.backend.change(change);
    return null;
  } catch (thrown) {
    const failure = failureOf(thrown);
    const said = failureWords(failure);
    if (said.remedy.does === step) return said.text;
    session.fail(failure, () => void session.act(change));
    return null;
  }
}
