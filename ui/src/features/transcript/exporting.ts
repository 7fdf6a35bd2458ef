// A conversation saved as a file of its own: what the menu offers, and what comes of it.

import { failureOf } from "../../backend/backend";
import type { AgentId, ExportFormat, RunId } from "../../backend/bindings";
import type { Session } from "../../state/session.svelte";
import { names } from "../../text/names";
import { page } from "../../text/page";
import type { MenuItem } from "../../widgets/Menu.svelte";

/** Saves it where the user says; what is refused is said with a button that tries again. */
export async function exportConversation(session: Session, agent: AgentId, run: RunId | null, format: ExportFormat): Promise<void> {
  try {
    if (await session.backend.exportConversation(agent, run, format)) session.confirm(page.follow.saved);
  } catch (thrown) {
    session.fail(failureOf(thrown), () => void exportConversation(session, agent, run, format));
  }
}

/** The items of the menu that save the whole of an agent; of several runs the latest can be saved alone. */
export function exportItems(session: Session, agent: AgentId, runs: readonly { id: RunId }[]): MenuItem[] {
  const item = (label: string, run: RunId | null, format: ExportFormat): MenuItem => ({
    label,
    icon: "file",
    choose: () => void exportConversation(session, agent, run, format),
  });
  const latest = runs.length > 1 ? runs.at(-1) : undefined;
  return [
    item(names.exportHtml, null, "html"),
    item(names.exportMarkdown, null, "markdown"),
    ...(latest === undefined ? [] : [item(names.exportLatest, latest.id, "html")]),
  ];
}
