// The scenes of the in-memory backend, by their names.

import type { Scene } from "./made";
import { accounts } from "./scenes/accounts";
import { drafts } from "./scenes/compose";
import { agents } from "./scenes/follow";
import { launches } from "./scenes/launch";
import { lists, usual } from "./scenes/list";

const scenes: Record<string, () => Scene> = { ...accounts, ...lists, ...drafts, ...launches, ...agents };

/** The scene with a name; an unknown name gives the usual list. */
export function sceneOf(name: string): Scene {
  return (scenes[name] ?? usual)();
}

/** All names. */
export const sceneNames = Object.keys(scenes);
