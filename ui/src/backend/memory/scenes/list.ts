// The list, usual and extreme.

import { admin, agentOf, base, docs, draftOf, draftRow, hour, minute, row, rowStateOf, type Scene, shop } from "../made";
import { shot } from "../pictures";
import { edits, paragraph, Script, signInScript } from "../script";

/** A list with a bit of everything, as in the drawings of the design. */
export function usual(): Scene {
  const scene = base();
  const now = Date.now();
  const noon = new Date();
  noon.setHours(0, 0, 0, 0);
  const today = (hours: number, minutes: number): number =>
    Math.min(noon.getTime() + hours * hour + minutes * minute, now - 20 * minute);
  const answers = agentOf(
    "bc-profile",
    "Profile card on small phones",
    { is: "asks", question: "Keep the old avatar size on tablets?", options: ["Keep it", "Use the new size", "You decide"] },
    { createdAt: now - 12 * minute },
  );
  scene.blocks.set(
    answers.id,
    new Script(answers.id, now - 12 * minute)
      .prompt("On small phones the profile card is cut off. Make it fit.", ["profile"])
      .step({ does: "searches", count: 3 }, 3, 9)
      .step({ does: "reads", count: 4, name: "card.tsx" }, 10, 22)
      .step({ does: "asks", question: "Keep the old avatar size on tablets?" }, 40, 41)
      .words(paragraph("Before I change it: the same card is used on tablets, where the avatar is larger."))
      .ended({ ending: "finished" }, 60_000, 60).blocks,
  );
  const signIn = agentOf("bc-sign-in", "Sign-in button sits off center", {
    is: "working",
    since: now - 3 * minute,
    step: { detail: { does: "tests", command: "npm test" }, state: "running" },
  });
  scene.blocks.set(signIn.id, signInScript(now - 3 * minute, false).blocks);
  const chart = agentOf("bc-chart", "Chart colors in dark mode", {
    is: "working",
    since: now - minute,
    step: { detail: { does: "reads", count: 6, name: "theme.ts" }, state: "running" },
  });
  scene.blocks.set(
    chart.id,
    new Script(chart.id, now - minute)
      .prompt("The chart is hard to read in dark mode. Use colors with more contrast.", ["dashboard"])
      .step({ does: "reads", count: 6, name: "theme.ts" }, 3, null).blocks,
  );
  const basket = agentOf("bc-basket", "Empty basket illustration", { is: "done" }, {
    pullRequests: [{ url: `${shop}/pull/118`, branch: "cursor/empty-basket" }],
    usage: { tokens: 76_390, micros: 80_000 },
    lastSign: today(11, 20),
    createdAt: today(11, 14),
    runs: [{ id: "bc-basket-run-1", state: "finished", createdAt: today(11, 14), duration: 240_000 }],
  });
  scene.blocks.set(
    basket.id,
    new Script(basket.id, today(11, 14))
      .prompt("Add a friendly picture to the empty basket.", ["profile"])
      .step(edits("basket.tsx", 24, 2), 8, 50)
      .words(paragraph("The empty basket now shows the drawing from your brand folder."))
      .ended({ ending: "finished" }, 240_000, 240).blocks,
  );
  const footer = agentOf(
    "bc-footer",
    "Footer links wrap badly",
    { is: "failed", failure: { code: "repositoryAccess", repository: docs, branch: "main", helpUrl: null } },
    { repository: docs, createdAt: today(10, 2), lastSign: null },
  );
  scene.blocks.set(
    footer.id,
    new Script(footer.id, today(10, 2))
      .prompt("The footer links wrap onto two lines for no reason.", ["dashboard"])
      .ended({ ending: "failed", failure: { code: "runFailed", message: null } }, null, 12).blocks,
  );
  scene.agents = [answers, signIn, chart, basket, footer];
  scene.drafts = [
    draftOf("draft-tooltip", {
      text: "Tooltip covers the legend\nMove it to the other side when there is no room.",
      shots: [shot("dashboard", 410_000)],
      updatedAt: now - 9 * minute,
    }),
  ];
  scene.rows = [
    row(answers.id, answers.title, "profile", shop, { is: "asks", question: "keep the old avatar size?" }, now - 4 * minute, true),
    row(signIn.id, signIn.title, "signIn", shop, rowStateOf(signIn), now - 3 * minute),
    row(chart.id, chart.title, "dashboard", admin, rowStateOf(chart), now - 3.5 * minute),
    ...scene.drafts.map(draftRow),
    row(basket.id, basket.title, "profileAfter", shop, { is: "done", pullRequest: true }, today(11, 20), true),
    row(footer.id, footer.title, "dashboardAfter", docs, rowStateOf(footer), today(10, 2)),
    row("bc-pricing", "Copy for the pricing page", "pricing", shop, { is: "done", pullRequest: false }, noon.getTime() - 6 * hour),
    row("bc-alt", "Alt text for the product photos", null, docs, { is: "done", pullRequest: true }, noon.getTime() - 9 * hour),
    row("bc-old", "Newsletter sign-up on the blog", null, admin, { is: "stopped" }, noon.getTime() - 60 * hour),
    { ...row("bc-archived", "Holiday banner", null, shop, { is: "done", pullRequest: true }, noon.getTime() - 300 * hour), archived: true },
  ];
  return scene;
}

export const lists: Record<string, () => Scene> = {
  list: usual,
  empty: base,
  many: () => {
    const scene = usual();
    const words = ["Button", "Chart", "Footer", "Header", "Price", "Photo", "Search", "Basket"];
    for (let index = 0; index < 10_000; index += 1) {
      const title = `${words[index % words.length] ?? ""} looks wrong on page ${index.toString()}`;
      scene.rows.push(
        row(`bc-many-${index.toString()}`, title, null, index % 3 === 0 ? docs : shop, { is: "done", pullRequest: index % 2 === 0 }, Date.now() - index * hour),
      );
    }
    return scene;
  },
};
