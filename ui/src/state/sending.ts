// Sending what is written. It may have to wait, and another page may be open by then: what goes is what was open when it
// was asked for, and a refusal is said where the user is.

import { failureOf } from "../backend/backend";
import type { Change, Failure, ShotTarget } from "../backend/bindings";
import type { Item, ItemView } from "./item.svelte";
import type { Session } from "./session.svelte";

/** Where the pictures of a composer go. */
export const targetOf = ({ view, id }: ItemView): ShotTarget => ({ into: view === "draft" ? "draft" : "answer", id });

const isOpen = (session: Session, { view, id }: ItemView): boolean => session.isOpen({ open: view, id });

/** Sends a draft, and opens its launch. */
export async function sendDraft(session: Session, item: Item): Promise<void> {
  const { id } = item.view;
  const again = (): void => void sendDraft(session, item);
  await attempt(session, item, again, async () => {
    if (!(await ready(session, item, again))) return;
    const launch = await session.backend.change({ change: "draft_send", draft: id });
    // Whoever went elsewhere meanwhile stays there.
    if (launch !== null && isOpen(session, item.view)) session.open({ view: "launch", id: launch }, false);
  });
}

/** Sends the answer that is being written. */
export async function sendAnswer(session: Session, item: Item, planFirst: boolean, onsent: () => void): Promise<void> {
  const again = (): void => void sendAnswer(session, item, planFirst, onsent);
  await attempt(session, item, again, async () => {
    if (!(await ready(session, item, again))) return;
    const sent = item.words.text;
    await item.words.hold(() => session.backend.change(followUp(item, { from: "answer" }, planFirst)));
    item.removed = [];
    // Words written meanwhile are the next answer's.
    item.words.sent(sent);
    onsent();
  });
}

/** Sends the words of a button alone: what is being written stays. */
export async function sendWords(session: Session, item: Item, text: string, onsent: () => void): Promise<void> {
  const again = (): void => void sendWords(session, item, text, onsent);
  await attempt(session, item, again, async () => {
    await session.backend.change(followUp(item, { from: "words", text }, false));
    onsent();
  });
}

type Sending = Extract<Change, { change: "follow_up_send" }>;

const followUp = (item: Item, source: Sending["source"], planFirst: boolean): Sending => ({
  change: "follow_up_send",
  agent: item.view.id,
  source,
  planFirst,
});

/** One at a time for an item; a refusal stays with the item. */
async function attempt(session: Session, item: Item, again: () => void, work: () => Promise<void>): Promise<void> {
  if (item.sending) return;
  item.sending = true;
  item.refusal = null;
  try {
    await work();
  } catch (thrown) {
    const failure = failureOf(thrown);
    item.refusal = { failure, again };
    tell(session, item, failure, again);
  } finally {
    item.sending = false;
  }
}

/** What was pasted before goes along, and what goes is what was saved: older words must not. Its own page says why not. */
async function ready(session: Session, item: Item, again: () => void): Promise<boolean> {
  const [refused] = await session.taking.done(targetOf(item.view));
  if (refused !== undefined) {
    // Its button leads to where it is said, and never sends without the picture.
    tell(session, item, refused, () => { session.open(item.view); });
    return false;
  }
  // A picture does not leave without what was drawn on it. What was refused may be taken by now.
  await item.marking.done();
  const { refusal, unsaved: marked } = item.marking;
  if (refusal !== null) await item.marking.put(marked, () => session.backend.change({ change: "shot_mark", target: targetOf(item.view), marked, text: null }));
  if (item.marking.refusal !== null) {
    const failure = failureOf(item.marking.refusal);
    item.refusal = { failure, again };
    tell(session, item, failure, again);
    return false;
  }
  let looked: string;
  do {
    looked = item.words.text;
    if ((await item.secrets.check(looked)).length > 0) {
      // Only a person can answer, so whoever went elsewhere is brought back.
      if (!isOpen(session, item.view)) session.open(item.view);
      item.secrets.asking = true;
      return false;
    }
    await item.words.flush();
    if (item.words.dirty) {
      tell(session, item, failureOf(item.words.refusal), again);
      return false;
    }
    // What was written meanwhile is saved, and goes along.
  } while (item.words.text !== looked);
  return true;
}

/** Says it of an item that is not open any more. */
function tell(session: Session, item: Item, failure: Failure, again: () => void): void {
  if (!isOpen(session, item.view)) session.fail(failure, again, item.view);
}
