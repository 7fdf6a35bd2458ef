// Agents, at work and after it, and the answers to them.

import type { Agent, FollowUp, Silence } from "../../bindings";
import { agentOf, agentRow, minute, type Scene, second, shop } from "../made";
import { type Drawing, shot } from "../pictures";
import { edits, paragraph, Script, signInReply, signInScript } from "../script";
import { usual } from "./list";

function withAgent(agent: Agent, script: Script, face: Drawing | null): Scene {
  const scene = usual();
  scene.agents = [...scene.agents.filter(({ id }) => id !== agent.id), agent];
  scene.blocks.set(agent.id, script.blocks);
  const made = agentRow(agent, agent.id, face, agent.createdAt);
  scene.rows = [...scene.rows.filter(({ key }) => key !== agent.id), made];
  scene.open = { view: "agent", id: agent.id };
  return scene;
}

function done(over: Partial<Agent> = {}): Scene {
  const now = Date.now();
  return withAgent(
    agentOf("bc-sign-in", "Sign-in button sits off center", { is: "done" }, {
      pullRequests: [{ url: `${shop}/pull/121`, branch: "cursor/sign-in-button" }],
      branches: ["cursor/sign-in-button"],
      usage: { tokens: 76_390, micros: 80_000 },
      createdAt: now - 9 * minute,
      runs: [{ id: "bc-sign-in-run-1", state: "finished", createdAt: now - 9 * minute, duration: 184_000 }],
      artifacts: [
        { path: "sign-in.png", bytes: 340_000, picture: shot("signInAfter", 340_000), here: true, coming: false, run: "bc-sign-in-run-1" },
        { path: "reports/test-results.txt", bytes: 12_400, picture: null, here: true, coming: false, run: "bc-sign-in-run-1" },
      ],
      ...over,
    }),
    signInScript(now - 9 * minute, true),
    "signIn",
  );
}

/** The one that is at work, and not heard of. */
function unheard(silence: Silence): Scene {
  const scene = usual();
  scene.agents = scene.agents.map((agent) => (agent.id === "bc-sign-in" ? { ...agent, silence, lastSign: silence.since } : agent));
  scene.rows = scene.rows.map((row) => (row.target.open === "agent" && row.target.id === "bc-sign-in" ? { ...row, silence } : row));
  scene.open = { view: "agent", id: "bc-sign-in" };
  return scene;
}

/** The same with something else about it. */
function atWork(over: Partial<Agent>): Scene {
  const scene = usual();
  scene.agents = scene.agents.map((agent) => (agent.id === "bc-sign-in" ? { ...agent, ...over } : agent));
  scene.open = { view: "agent", id: "bc-sign-in" };
  return scene;
}

const queued = (id: string, text: string, state: FollowUp["state"]): FollowUp => ({
  id,
  text,
  shots: [],
  planFirst: false,
  model: null,
  state,
});

export const agents: Record<string, () => Scene> = {
  "follow-working": () => {
    const scene = usual();
    scene.open = { view: "agent", id: "bc-sign-in" };
    const agent = scene.agents.find(({ id }) => id === "bc-sign-in");
    if (agent !== undefined) {
      agent.artifacts = [{ path: "sign-in.png", bytes: 340_000, picture: shot("signInAfter", 340_000), here: true, coming: false, run: "bc-sign-in-run-1" }];
    }
    return scene;
  },
  "follow-quiet": () => unheard({ since: Date.now() - 3 * minute, beats: false, stuck: false }),
  "follow-stuck": () => unheard({ since: Date.now() - 14 * minute, beats: false, stuck: true }),
  "follow-lost": () => atWork({ reconnecting: true, lastSign: Date.now() - 20 * second }),
  "follow-polled": () => atWork({ polled: true, lastSign: Date.now() - 12 * second }),
  "follow-late": () => atWork({ problem: { code: "stopLate" } }),
  "follow-alarm": () => atWork({ alarm: { run: "bc-sign-in-run-1", by: "money", stop: "nothing" } }),
  "follow-done": () => done(),
  "follow-elsewhere": () => {
    const now = Date.now();
    const source = { url: "https://raw.githubusercontent.com/acme/web/main/before.png", host: "raw.githubusercontent.com" };
    return withAgent(
      agentOf("bc-elsewhere", "Compare both headers", { is: "done" }),
      new Script("bc-elsewhere", now - 6 * minute)
        .prompt("Show me the header before and after.")
        .words(
          paragraph("This is how the header looked before:"),
          { node: "paragraph", content: [{ inline: "image", alt: "The header before the change", source }] },
          { node: "paragraph", content: [{ inline: "image", alt: "A picture from a host that is not on the list", source: null }] },
          { node: "code", language: "ts", text: "export const header = { height: 64 };\n" },
        )
        .ended({ ending: "finished" }, 42_000, 42),
      null,
    );
  },
  "follow-film": () => done({
    artifacts: [
      { path: "walkthrough.webm", bytes: 4_200_000, picture: null, here: true, coming: false, run: "bc-sign-in-run-1" },
      { path: "reports/test-results.txt", bytes: 12_400, picture: null, here: true, coming: false, run: "bc-sign-in-run-1" },
    ],
  }),
  answering: () =>
    done({
      answer: {
        text: "Almost. The link still looks too pale here.",
        shots: [
          shot("signInAfter", 300_000, [{ note: "firstFrameOnly" }]),
          shot("profile", 280_000, [{ note: "fitted", fromBytes: 14_200_000, toBytes: 8_100_000, lossy: false, scaled: true }]),
          shot("pricing", 520_000),
        ],
      },
    }),
  "follow-queue": () => {
    const scene = usual();
    scene.open = { view: "agent", id: "bc-sign-in" };
    const agent = scene.agents.find(({ id }) => id === "bc-sign-in");
    if (agent !== undefined) {
      agent.queue = [
        queued("f1", "Also check the sign-up page, it uses the same form.", { state: "queued" }),
        queued("f2", "And the password reset.", { state: "needsDecision" }),
      ];
    }
    return scene;
  },
  "follow-refused": () => {
    const scene = usual();
    scene.open = { view: "agent", id: "bc-sign-in" };
    const agent = scene.agents.find(({ id }) => id === "bc-sign-in");
    if (agent !== undefined) {
      agent.queue = [queued("f1", "And the password reset.", { state: "rejected", failure: { code: "spendingLimit" } })];
    }
    return scene;
  },
  plan: () => {
    const now = Date.now();
    return withAgent(
      agentOf("bc-plan", "Move the search into the header", { is: "plan" }, { createdAt: now - 4 * minute }),
      new Script("bc-plan", now - 4 * minute)
        .prompt("Move the search into the header on every page.", ["profile"])
        .step({ does: "reads", count: 14, name: "header.tsx" }, 4, 40)
        .step({ does: "madePlan" }, 60, 90)
        .words(
          { node: "heading", level: 2, content: [{ inline: "text", text: "Plan" }] },
          {
            node: "list",
            start: 1,
            items: [
              { ticked: false, content: [paragraph("Take the search field out of ", { code: "home.tsx" })] },
              { ticked: false, content: [paragraph("Add it to the header, behind an icon on small screens")] },
              { ticked: false, content: [paragraph("Keep the keyboard shortcut, and test both")] },
            ],
          },
          { node: "quote", content: [paragraph("The home page keeps its large field unless you say otherwise.")] },
        )
        .ended({ ending: "asked" }, 95_000, 95),
      "profile",
    );
  },
  ask: () => ({ ...usual(), open: { view: "agent", id: "bc-profile" } }),
  failed: () => {
    const now = Date.now();
    return withAgent(
      agentOf("bc-failed", "Speed up the photo page", {
        is: "failed",
        failure: { code: "runFailed", message: "npm ERR! network timeout at: https://packages.example/sharp" },
      }),
      new Script("bc-failed", now - 6 * minute)
        .prompt("The photo page takes forever to load.")
        .step({ does: "runs", command: "npm install" }, 5, 60)
        .ended({ ending: "failed", failure: { code: "runFailed", message: "npm ERR! network timeout" } }, 66_000, 66),
      null,
    );
  },
  older: () => done({ olderApi: true, usage: null, polled: true }),
  starting: () =>
    withAgent(
      agentOf("bc-starting", "Price column jumps", { is: "starting" }, { lastSign: null, createdAt: Date.now() - 5 * second, runs: [] }),
      new Script("bc-starting", Date.now() - 5 * second).prompt("The price column jumps. Keep the numbers aligned.", ["pricing"]),
      "pricing",
    ),
  long: () => {
    const script = new Script("bc-long", Date.now() - 90 * minute);
    for (let turn = 0; turn < 40; turn += 1) {
      const from = turn * 120;
      script
        .prompt(`Please look at part ${(turn + 1).toString()} of the site as well.`, [], from)
        .step({ does: "reads", count: 9, name: "page.tsx" }, from + 3, from + 12)
        .step(edits("page.css", 14, 6), from + 14, from + 40)
        .step({ does: "tests", command: "npm test" }, from + 44, from + 80)
        .words(paragraph("Done. The spacing now follows the grid, and nothing else moved. "), ...signInReply)
        .ended({ ending: "finished" }, 90_000, from + 90);
    }
    return withAgent(agentOf("bc-long", "Spacing on every page", { is: "done" }), script, "pricing");
  },
};
