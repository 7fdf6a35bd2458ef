// Choosing for a draft: what was refused is said where it was chosen.

import { failureOf } from "../../backend/backend";
import type { Change } from "../../backend/bindings";
import { placeOf } from "../../state/remedied";
import type { Session } from "../../state/session.svelte";
import { failureWords, type Remedy } from "../../text/failure";

type Choice = Extract<Change, { change: "draft_repository" | "draft_branch" | "draft_model" }>;

/**
 * Asks for a change out of a popover. Resolves to null when there is nothing left to do there, or to the sentence that
 * the popover shows and stays open with, when its own list is the next step. All other refusals are the page's.
 */
export async function choose(session: Session, change: Choice, step: Remedy["does"]): Promise<string | null> {
  try {
    await session.backend.change(change);
    return null;
  } catch (thrown) {
    const failure = failureOf(thrown);
    const said = failureWords(failure);
    // The popover of a draft that is not open any more is gone.
    if (said.remedy.does === step && session.isOpen({ open: "draft", id: change.draft })) return said.text;
    session.fail(failure, () => void session.act(change), placeOf(change));
    return null;
  }
}
