// The one reminder that pictures are sent as they are. Pure.

import type { Repository } from "../backend/bindings";

/**
 * Whether a draft with so many pictures reminds the user: where nothing was sent to the repository yet, until they put
 * it away. Once something was sent, the repository is known.
 */
export const reminds = (repository: Repository | undefined, pictures: number): boolean =>
  repository !== undefined && pictures > 0 && repository.lastUsed === null && !repository.reminded;
