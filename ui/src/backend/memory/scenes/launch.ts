// Launches on their way.

import type { Launch, LaunchState } from "../../bindings";
import { draftOf, draftRow, launchRow, minute, type Scene, second, shop } from "../made";
import { shot } from "../pictures";
import { usual } from "./list";

function launching(state: LaunchState): Scene {
  const scene = usual();
  const launch: Launch = {
    id: "launch-open",
    account: "studio",
    draft: "draft-open",
    text: "The price column jumps when the currency changes. Keep the numbers aligned.",
    shots: [shot("pricing", 280_000)],
    repository: shop,
    branch: "main",
    model: null,
    planFirst: false,
    openPullRequest: true,
    createdAt: Date.now() - 20 * second,
    state,
  };
  scene.launches = [launch];
  if (state.state === "rejected") {
    const { text, shots } = launch;
    const draft = draftOf(launch.draft, { text, shots, problem: state.failure });
    scene.drafts.push(draft);
    scene.rows.push(draftRow(draft));
  } else scene.rows.push(launchRow(launch));
  scene.open = { view: "launch", id: launch.id };
  return scene;
}

export const launches: Record<string, () => Scene> = {
  holding: () => launching({ state: "holding", until: Date.now() + 5 * second }),
  waiting: () => launching({ state: "waiting", waiting: "network", until: null }),
  "waiting-rate-limit": () => launching({ state: "waiting", waiting: "rateLimit", until: Date.now() + minute }),
  sending: () => launching({ state: "sending", attempt: 1, since: Date.now() - 8 * second }),
  uncertain: () => launching({ state: "uncertain", since: Date.now() - 30 * second }),
  decision: () =>
    launching({ state: "needsDecision", decision: { about: "waitedLong", since: Date.now() - 95 * minute } }),
  "other-user": () => launching({ state: "needsDecision", decision: { about: "differentUser" } }),
  candidates: () =>
    launching({ state: "needsDecision", decision: { about: "cannotTell", candidates: ["bc-chart", "bc-basket"] } }),
  rejected: () => launching({ state: "rejected", failure: { code: "spendingLimit" } }),
};
