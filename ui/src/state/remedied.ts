// What a button of a failure does, where the page as a whole can do it.

import type { AccountId, Change } from "../backend/bindings";
import type { Remedy } from "../text/failure";
import type { ItemView } from "./item.svelte";
import type { Session } from "./session.svelte";

/** The draft or agent that a change is of. */
export function placeOf(change: Change): ItemView | null {
  if ("draft" in change) return { view: "draft", id: change.draft };
  return "agent" in change && !("launch" in change) ? { view: "agent", id: change.agent } : null;
}

/** What only the page of an item can do, or what is done to the item that is open. */
const ofItsPage: readonly Remedy["does"][] = [
  "chooseRepository",
  "chooseBranch",
  "chooseModel",
  "editWords",
  "pickPictures",
  "pasteAgain",
  "refresh",
  "unarchive",
];

/** Does what the button of the page's trouble says, with the page open that it is about. */
export function remedyTrouble(session: Session, remedy: Remedy): void {
  const { place, repeat } = session;
  session.trouble = null;
  if (place !== null && ofItsPage.includes(remedy.does) && !session.isOpen({ open: place.view, id: place.id })) session.open(place);
  session.remedy(remedy, repeat);
}

/** Does it, and gives whether it was done; a failure of `account`. */
export function remedied(session: Session, remedy: Remedy, again: (() => void) | null, account: AccountId | null): boolean {
  switch (remedy.does) {
    case "open":
      void session.openLink(remedy.url);
      return true;
    case "connect":
      session.dialog = { shows: "connect" };
      return true;
    case "replaceKey": {
      const replaced = session.world.accounts.find(({ id }) => id === account);
      session.dialog =
        replaced?.kind === "cursor" ? { shows: "replaceKey", account: replaced.id } : { shows: "connect" };
      return true;
    }
    case "again":
      if (again === null) return false;
      again();
      return true;
    case "refresh":
      if (session.wanted?.view === "agent") void session.act({ change: "agent_refresh", agent: session.wanted.id });
      else void session.act({ change: "list_refresh" });
      return true;
    case "unarchive":
      if (session.wanted?.view === "agent") {
        void session.act({ change: "agent_archive", agent: session.wanted.id, archived: false });
      }
      return true;
    case "new":
      void session.create();
      return true;
    case "quit":
      void session.backend.quit();
      return true;
    case "settings":
      session.dialog = { shows: "settings" };
      return true;
    case "editWords":
      session.wantsCaret = true;
      return true;
    case "dismiss":
      return true;
    case "chooseRepository":
    case "chooseBranch":
    case "chooseModel":
    case "pickPictures":
    case "pasteAgain":
    case "keepInMemory":
      return false;
  }
}
