// Keeping the changed words of a waiting answer, whatever is open by the time they are kept.

import { failureOf } from "../backend/backend";
import type { FollowUp } from "../backend/bindings";
import type { Item } from "./item.svelte";
import { waits } from "./queue";
import type { Session } from "./session.svelte";

/** Keeps the words; a refused answer goes again with them. Resolves to whether they were taken: they stay until then. */
export async function keep(session: Session, item: Item, followUp: FollowUp, text: string): Promise<boolean> {
  if (item.keeping !== null || text.trim() === "") return false;
  const { id } = followUp;
  const edited = item.edited?.id === id ? item.edited : null;
  item.keeping = { id, text, was: edited?.was ?? followUp.text };
  // Words that are on their way must not become the next answer's as well when the page goes.
  if (edited !== null) item.edited = null;
  const change = waits(followUp) ? "follow_up_edit" : "follow_up_again";
  try {
    await session.backend.change({ change, agent: item.view.id, followUp: id, text });
    session.trouble = null;
    return true;
  } catch (thrown) {
    if (edited !== null) item.edited = { ...edited, text };
    // Repeated as a whole: words that went must not stay as ones that are being changed.
    const again = (): void => void keep(session, item, followUp, item.edited?.id === id ? item.edited.text : text);
    session.fail(failureOf(thrown), again, item.view);
    return false;
  } finally {
    item.settle();
  }
}
