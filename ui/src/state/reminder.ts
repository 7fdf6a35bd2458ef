// The one reminder that pictures are sent as they are. Pure.

import type { Repository, Shot } from "../backend/bindings";

/**
 * Whether a draft with these pictures reminds the user: where nothing was sent to the repository yet, until they put it
 * away. Once something was sent, the repository is known; who redacts knows how.
 */
export const reminds = (repository: Repository | undefined, shots: readonly Shot[]): boolean =>
  repository !== undefined &&
  shots.length > 0 &&
  repository.lastUsed === null &&
  !repository.reminded &&
  !shots.some(({ markup }) => markup.marks.some(({ kind }) => kind === "redact"));
