// What the in-memory backend holds in each scene.

import type {
  Account,
  Agent,
  AgentState,
  Block,
  BlockKind,
  Draft,
  Failure,
  FollowUp,
  Launch,
  LaunchState,
  Node,
  Repository,
  Row,
  RowState,
  StepDetail,
  View,
} from "../bindings";
import { type Drawing, shot } from "./pictures";

/** Everything a scene sets. */
export interface Scene {
  accounts: Account[];
  active: string | null;
  online: boolean;
  repositories: Repository[];
  repositoriesProblem: Failure | null;
  rows: Row[];
  drafts: Draft[];
  launches: Launch[];
  agents: Agent[];
  blocks: Map<string, Block[]>;
  /** What is open at first; none means what the page chooses. */
  open: Exclude<View, { view: "home" }> | null;
  /** What `account_connect` answers at first. */
  connectFails: Failure | null;
  /** Why the data cannot be opened at first. */
  blocked: Failure | null;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const shop = "https://github.com/maria/shop-website";
const docs = "https://github.com/maria/docs";
const admin = "https://github.com/studio-lopes/admin-panel";

const practice: Account = {
  id: "practice",
  kind: "practice",
  name: "",
  email: null,
  key: "notNeeded",
  lastFour: null,
  olderApi: false,
  problem: null,
};

const studio: Account = {
  id: "studio",
  kind: "cursor",
  name: "Studio",
  email: "maria@example.com",
  key: "keychain",
  lastFour: "9f3a",
  olderApi: false,
  problem: null,
};

const repository = (url: string, nickname: string, color: number, uses: number, branches: string[]): Repository => ({
  url,
  nickname,
  color,
  uses,
  lastUsed: uses > 0 ? Date.now() - hour : null,
  branches,
  origin: uses > 0 ? "seen" : "listed",
});

const repositories = (): Repository[] => [
  repository(shop, "Shop website", 1, 24, ["main", "redesign", "fix/checkout"]),
  repository(docs, "Docs", 2, 9, ["main"]),
  repository(admin, "", 3, 4, ["main", "develop"]),
  repository("https://github.com/studio-lopes/newsletter", "", 4, 0, []),
  repository("https://github.com/studio-lopes/brand-assets", "", 5, 0, []),
  repository("https://gitlab.com/maria/photo-archive", "", 6, 0, []),
];

export function draftOf(id: string, over: Partial<Draft> = {}): Draft {
  const now = Date.now();
  return {
    id,
    account: "studio",
    text: "",
    shots: [],
    repository: shop,
    branch: "main",
    model: null,
    planFirst: false,
    openPullRequest: true,
    createdAt: now,
    updatedAt: now,
    problem: null,
    ...over,
  };
}

export function draftRow(draft: Draft): Row {
  return {
    key: draft.id,
    target: { open: "draft", id: draft.id },
    group: "notSent",
    title: (draft.text.split("\n")[0] ?? "").slice(0, 80),
    face: draft.shots[0]?.hash ?? null,
    repository: draft.repository,
    state: { is: "draft", pictures: draft.shots.length, problem: draft.problem },
    at: draft.updatedAt,
    unread: false,
    archived: false,
  };
}

const groupOf = (state: RowState): Row["group"] => {
  switch (state.is) {
    case "asks":
    case "plan":
    case "followUpUncertain":
      return "needsYou";
    case "starting":
    case "working":
      return "working";
    case "draft":
      return "notSent";
    case "launch":
      return state.launch.state === "needsDecision" ? "needsYou" : "notSent";
    case "done":
    case "stopped":
    case "failed":
    case "unknown":
      return "done";
  }
};

function row(id: string, title: string, face: Drawing | null, url: string, state: RowState, at: number, unread = false): Row {
  return {
    key: id,
    target: { open: "agent", id },
    group: groupOf(state),
    title,
    face,
    repository: url,
    state,
    at,
    unread,
    archived: false,
  };
}

/** The row of an agent, as the core would make it. */
export function agentRow(agent: Agent, key: string, face: string | null, at: number): Row {
  return {
    ...row(agent.id, agent.title, null, agent.repository ?? shop, rowStateOf(agent), at),
    key,
    face,
    archived: agent.archived,
  };
}

function rowStateOf(agent: Agent): RowState {
  const { state } = agent;
  switch (state.is) {
    case "starting":
    case "plan":
    case "stopped":
    case "unknown":
      return { is: state.is };
    case "working":
      return { is: "working", step: state.step };
    case "stopping":
      return { is: "working", step: null };
    case "asks":
      return { is: "asks", question: state.question };
    case "done":
      return { is: "done", pullRequest: agent.pullRequests.length > 0 };
    case "failed":
      return { is: "failed", failure: state.failure };
  }
}

export function agentOf(id: string, title: string, state: AgentState, over: Partial<Agent> = {}): Agent {
  const now = Date.now();
  return {
    id,
    account: "studio",
    launch: null,
    title,
    repository: shop,
    branch: "main",
    state,
    lastSign: now - 4 * second,
    reconnecting: false,
    polled: false,
    runs: [{ id: `${id}-run-1`, state: "running", createdAt: now - 3 * minute, duration: null }],
    branches: [],
    pullRequests: [],
    webUrl: `https://cursor.com/agents/${id}`,
    artifacts: [],
    usage: null,
    queue: [],
    answer: { text: "", shots: [] },
    archived: false,
    olderApi: false,
    problem: null,
    createdAt: now - 3 * minute,
    ...over,
  };
}

const paragraph = (...content: (string | { code: string } | { strong: string })[]): Node => ({
  node: "paragraph",
  content: content.map((piece) => {
    if (typeof piece === "string") return { inline: "text", text: piece };
    if ("code" in piece) return { inline: "code", text: piece.code };
    return { inline: "strong", content: [{ inline: "text", text: piece.strong }] };
  }),
});

/** Writes a transcript; every line takes place some seconds after its beginning. */
class Script {
  readonly blocks: Block[] = [];
  #run = 1;
  #at: number;
  constructor(
    readonly agent: string,
    readonly begin: number,
  ) {
    this.#at = begin;
  }
  add(kind: BlockKind, after = 0): this {
    const order = this.blocks.length;
    this.blocks.push({
      id: `${this.agent}-${order.toString()}`,
      order,
      run: `${this.agent}-run-${this.#run.toString()}`,
      at: this.begin + after * second,
      kind,
    });
    this.#at = this.begin + after * second;
    return this;
  }
  prompt(text: string, shots: Drawing[] = [], after = 0): this {
    return this.add({ kind: "prompt", text, shots: shots.map((drawing) => shot(drawing, 320_000)) }, after);
  }
  step(detail: StepDetail, from: number, to: number | null): this {
    return this.add(
      {
        kind: "steps",
        step: { detail, state: to === null ? "running" : "done" },
        endedAt: to === null ? null : this.begin + to * second,
      },
      from,
    );
  }
  words(...nodes: Node[]): this {
    return this.add({ kind: "words", nodes }, (this.#at - this.begin) / second);
  }
  ended(kind: Extract<BlockKind, { kind: "ended" }>["ending"], took: number | null, after: number): this {
    this.add({ kind: "ended", ending: kind, duration: took }, after);
    this.#run += 1;
    return this;
  }
}

const edits = (name: string, added: number, removed: number): StepDetail => ({ does: "edits", name, added, removed });

const signInReply: Node[] = [
  paragraph(
    "The button had a fixed left margin from an older layout. I removed it, made the form a single column below ",
    { strong: "480 px" },
    ", and raised the link’s contrast to ",
    { strong: "4.9 : 1" },
    ".",
  ),
];

function signInScript(begin: number, over: boolean): Script {
  const script = new Script("bc-sign-in", begin)
    .prompt("Center this button under the fields, same width. The link below is too pale to read.", ["signIn"])
    .step({ does: "reads", count: 6, name: "sign-in.tsx" }, 4, 12)
    .step(edits("sign-in.css", 12, 3), 20, 31)
    .step({ does: "captures" }, 40, 48)
    .step({ does: "tests", command: "npm test" }, 55, over ? 96 : null)
    .words(...signInReply);
  if (over) {
    script
      .words(
        { node: "heading", level: 3, content: [{ inline: "text", text: "What changed" }] },
        {
          node: "list",
          start: null,
          items: [
            { ticked: null, content: [paragraph({ code: "sign-in.css" }, " no longer sets a margin on the button")] },
            { ticked: null, content: [paragraph("The fields and the button share one width")] },
            { ticked: null, content: [paragraph("All 48 tests pass")] },
          ],
        },
        {
          node: "code",
          language: "css",
          text: ".sign-in button {\n  width: 100%;\n  margin-inline: 0;\n}",
        },
      )
      .ended({ ending: "finished" }, 184_000, 184);
  }
  return script;
}

function base(): Scene {
  return {
    accounts: [studio, practice],
    active: "studio",
    online: true,
    repositories: repositories(),
    repositoriesProblem: null,
    rows: [],
    drafts: [],
    launches: [],
    agents: [],
    blocks: new Map(),
    open: null,
    connectFails: null,
    blocked: null,
  };
}

/** A list with a bit of everything, as in the drawings of the design. */
function usual(): Scene {
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
    usage: { tokens: 76_390, cents: 8 },
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

function withAgent(agent: Agent, script: Script, face: Drawing | null): Scene {
  const scene = usual();
  scene.agents = [...scene.agents.filter(({ id }) => id !== agent.id), agent];
  scene.blocks.set(agent.id, script.blocks);
  const made = agentRow(agent, agent.id, face, agent.createdAt);
  scene.rows = [...scene.rows.filter(({ key }) => key !== agent.id), made];
  scene.open = { view: "agent", id: agent.id };
  return scene;
}

function composing(over: Partial<Draft>): Scene {
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

export function launchRow(launch: Launch): Row {
  return {
    key: launch.id,
    target: { open: "launch", id: launch.id },
    group: groupOf({ is: "launch", launch: launch.state }),
    title: (launch.text.split("\n")[0] ?? "").slice(0, 80),
    face: launch.shots[0]?.hash ?? null,
    repository: launch.repository,
    state: { is: "launch", launch: launch.state },
    at: launch.createdAt,
    unread: false,
    archived: false,
  };
}

function done(over: Partial<Agent> = {}): Scene {
  const now = Date.now();
  return withAgent(
    agentOf("bc-sign-in", "Sign-in button sits off center", { is: "done" }, {
      pullRequests: [{ url: `${shop}/pull/121`, branch: "cursor/sign-in-button" }],
      branches: ["cursor/sign-in-button"],
      usage: { tokens: 76_390, cents: 8 },
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

const queued = (id: string, text: string, state: FollowUp["state"]): FollowUp => ({
  id,
  text,
  shots: [],
  planFirst: false,
  state,
});

const scenes: Record<string, () => Scene> = {
  welcome: () => ({ ...base(), accounts: [], active: null }),
  "welcome-refused": () => ({ ...base(), accounts: [], active: null, connectFails: { code: "keyRefused" } }),
  keychain: () => ({ ...base(), accounts: [], active: null, connectFails: { code: "keychainLocked" } }),
  "start-read-only": () => ({ ...usual(), blocked: { code: "dataReadOnly" } }),
  "start-damaged": () => ({ ...usual(), blocked: { code: "dataDamaged" } }),
  "start-newer": () => ({ ...usual(), blocked: { code: "dataNewer", found: 9, known: 1 } }),
  "start-in-use": () => ({ ...usual(), blocked: { code: "dataInUse" } }),
  list: usual,
  empty: base,
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
  "follow-working": () => {
    const scene = usual();
    scene.open = { view: "agent", id: "bc-sign-in" };
    const agent = scene.agents.find(({ id }) => id === "bc-sign-in");
    if (agent !== undefined) {
      agent.artifacts = [{ path: "sign-in.png", bytes: 340_000, picture: shot("signInAfter", 340_000), here: true, coming: false, run: "bc-sign-in-run-1" }];
    }
    return scene;
  },
  "follow-done": () => done(),
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
        .ended({ ending: "finished" }, 95_000, 95),
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
  offline: () => ({ ...composing({}), online: false }),
  refusedAccount: () => ({
    ...composing({}),
    accounts: [{ ...studio, problem: { code: "keyRefused" } }, practice],
  }),
  "key-needed": () => ({
    ...composing({}),
    accounts: [{ ...studio, key: "missing", problem: { code: "keyNeeded" } }, practice],
  }),
  "keychain-locked": () => ({
    ...composing({}),
    accounts: [{ ...studio, problem: { code: "keychainLocked" } }, practice],
  }),
  "other-refused": () => ({
    ...composing({}),
    accounts: [studio, { ...studio, id: "other", name: "Other", problem: { code: "keyRefused" } }, practice],
  }),
  accounts: () => usual(),
  settings: () => usual(),
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

/** The scene with a name; an unknown name gives the usual list. */
export function sceneOf(name: string): Scene {
  return (scenes[name] ?? usual)();
}

/** All names. */
export const sceneNames = Object.keys(scenes);

export const accountsFor = { practice, studio };
