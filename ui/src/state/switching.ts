// What the quick switcher offers: rows, commands and repositories, as texts to find. Pure.

import type { Row } from "../backend/bindings";
import { type Candidate, candidatesOf } from "./fuzzy";
import { isEmptyDraft } from "./world.svelte";

/** Something to do, by its name. */
export interface Command {
  key: string;
  label: string;
  keys?: string;
  run: () => void;
}

/** One line of the switcher. */
export type Choice =
  | { is: "row"; key: string; label: string; detail: string }
  | { is: "command"; key: string; label: string; detail: string; command: Command }
  | { is: "repository"; key: string; label: string; detail: string; url: string };

/** How many rows stand before the commands while nothing is typed. */
export const recent = 8;

export interface Offered {
  rows: readonly Row[];
  untitled: string;
  repositoryName: (url: string) => string;
  /** Address, the name it has in the list, and `owner/name`. */
  repositories: readonly { url: string; name: string; short: string }[];
  commands: readonly Command[];
}

/** All choices, ready to be looked through: the rows that changed last, commands, the other rows, repositories. */
export function choicesOf({ rows, untitled, repositoryName, repositories, commands }: Offered): Candidate<Choice>[] {
  const latest = rows
    .filter((row) => !isEmptyDraft(row))
    .sort((one, other) => Number(one.archived) - Number(other.archived) || other.at - one.at || (one.key < other.key ? -1 : 1))
    .map((row): Choice => ({
      is: "row",
      key: row.key,
      label: row.title === "" ? untitled : row.title,
      detail: row.repository === null ? "" : repositoryName(row.repository),
    }));
  const all: Choice[] = [
    ...latest.slice(0, recent),
    ...commands.map((command): Choice => ({ is: "command", key: `command:${command.key}`, label: command.label, detail: "", command })),
    ...latest.slice(recent),
    ...repositories.map(({ url, name, short }): Choice => ({
      is: "repository", key: `repository:${url}`, label: name, detail: name === short ? "" : short, url,
    })),
  ];
  return candidatesOf(all, ({ label, detail }) => `${label} ${detail}`);
}
