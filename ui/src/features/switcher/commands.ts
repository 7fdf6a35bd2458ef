// The commands of the quick switcher: those that make sense now.

import type { Theme } from "../../backend/bindings";
import type { Session } from "../../state/session.svelte";
import type { Command } from "../../state/switching";
import { accountName } from "../../text/account";
import { names } from "../../text/names";
import { keys, page } from "../../text/page";

/** What can be done now. */
export function commandsOf(session: Session): Command[] {
  const { world, item, openRow } = session;
  const { settings } = world;
  const looks: Record<Theme, string> = {
    light: page.switcher.lookLight,
    dark: page.switcher.lookDark,
    system: page.switcher.lookSystem,
  };
  const commands: Command[] = [
    { key: "new", label: names.compose, keys: keys("N"), run: () => void session.create() },
    { key: "capture", label: names.captureScreen, run: () => void session.capture(null) },
    { key: "usage", label: names.usage, run: () => { session.dialog = { shows: "usage" }; } },
    { key: "settings", label: page.switcher.settings, keys: keys(","), run: () => { session.dialog = { shows: "settings" }; } },
  ];
  if (openRow !== null && (openRow.title !== "" || openRow.target.open !== "draft")) {
    const label = openRow.pinned ? names.unpin : names.pin;
    commands.push({ key: "pin", label, keys: page.list.pinKeys, run: () => void session.pinOpen() });
  }
  const agent = item?.agent ?? null;
  if (agent !== null && (agent.state.is === "working" || agent.state.is === "starting")) {
    commands.push({ key: "stop", label: page.switcher.stopOpen, run: () => void session.act({ change: "agent_stop", agent: agent.id }) });
  }
  for (const account of world.accounts.filter(({ id }) => id !== world.active)) {
    commands.push({
      key: `account:${account.id}`,
      label: page.switcher.switchTo(accountName(account)),
      run: () => void session.act({ change: "account_activate", account: account.id }),
    });
  }
  commands.push({ key: "connect", label: names.addAccount, run: () => { session.dialog = { shows: "connect" }; } });
  for (const theme of ["light", "dark", "system"] as const) {
    if (theme === settings.theme) continue;
    commands.push({
      key: `look:${theme}`,
      label: looks[theme],
      run: () => void session.adjust((now) => ({ ...now, theme })),
    });
  }
  commands.push({ key: "look again", label: page.switcher.lookAgain, run: () => void session.act({ change: "list_refresh" }) });
  return commands;
}
