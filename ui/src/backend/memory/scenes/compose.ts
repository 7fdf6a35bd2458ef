// Drafts that are being written.

import type { Draft } from "../../bindings";
import { draftOf, draftRow, practice, type Scene, shop, studio } from "../made";
import { shot } from "../pictures";
import { usual } from "./list";

export function composing(over: Partial<Draft>): Scene {
  const scene = usual();
  const draft = draftOf("draft-open", {
    text: "The sign-in form looks broken on narrow windows.\n1. center this button under the fields, same width\n2. this link is too pale to read",
    shots: [shot("signIn", 320_000, [{ note: "metadataRemoved" }]), shot("dashboard", 320_000)],
    ...over,
  });
  scene.drafts.push(draft);
  scene.rows.push(draftRow(draft));
  scene.open = { view: "draft", id: draft.id };
  return scene;
}

export const drafts: Record<string, () => Scene> = {
  compose: () => composing({}),
  "compose-older": () => ({
    ...composing({ planFirst: true, model: { id: "opus-5", parameters: [{ id: "effort", value: "high" }], name: "Opus 5, High" } }),
    accounts: [{ ...studio, olderApi: true }, practice],
  }),
  "compose-empty": () => {
    const scene = usual();
    const draft = draftOf("draft-open", { repository: null, branch: "" });
    scene.drafts.push(draft);
    scene.rows.push(draftRow(draft));
    scene.open = { view: "draft", id: draft.id };
    return scene;
  },
  "compose-full": () =>
    composing({
      shots: [
        shot("signIn", 320_000, [{ note: "fitted", fromBytes: 14_200_000, toBytes: 8_100_000, lossy: false, scaled: false }]),
        shot("dashboard", 320_000, [{ note: "firstFrameOnly" }, { note: "metadataRemoved" }]),
        shot("profile", 280_000),
        shot("pricing", 520_000),
        shot("signInAfter", 300_000),
      ],
    }),
  "compose-failed": () => composing({ problem: { code: "repositoryAccess", repository: shop, branch: "main", helpUrl: null } }),
  offline: () => ({ ...composing({}), online: false }),
};
