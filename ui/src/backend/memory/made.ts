// What scenes are made of: accounts, drafts, agents, and their rows.

import type {
  Account,
  Agent,
  AgentState,
  Block,
  Draft,
  Estimate,
  Failure,
  FileText,
  Launch,
  Repository,
  Row,
  RowState,
  Spending,
  View,
} from "../bindings";
import type { Drawing } from "./pictures";
import { nothingSpent } from "./spent";

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
  /** What was used. */
  spending: Spending;
  /** What an agent usually costs. */
  estimate: Estimate | null;
  /** Why the data cannot be opened at first. */
  blocked: Failure | null;
}

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

export const shop = "https://github.com/maria/shop-website";
export const docs = "https://github.com/maria/docs";
export const admin = "https://github.com/studio-lopes/admin-panel";

export const practice: Account = {
  id: "practice",
  kind: "practice",
  name: "",
  email: null,
  key: "notNeeded",
  lastFour: null,
  olderApi: false,
  usageUnavailable: false,
  problem: null,
};

export const studio: Account = {
  id: "studio",
  kind: "cursor",
  name: "Studio",
  email: "maria@example.com",
  key: "keychain",
  lastFour: "9f3a",
  olderApi: false,
  usageUnavailable: false,
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
  reminded: false,
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
    createdAt: draft.createdAt,
    startedHere: true,
    pinned: false,
    unread: false,
    silence: null,
    reconnecting: false,
    archived: false,
  };
}

const groupOf = (state: RowState): Row["group"] => {
  switch (state.is) {
    case "asks":
    case "plan":
    case "followUpUncertain":
    case "followUpHeld":
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

export function row(id: string, title: string, face: Drawing | null, url: string, state: RowState, at: number, unread = false): Row {
  return {
    key: id,
    target: { open: "agent", id },
    group: groupOf(state),
    title,
    face,
    repository: url,
    state,
    at,
    createdAt: at,
    startedHere: !id.endsWith("elsewhere"),
    pinned: false,
    unread,
    silence: null,
    reconnecting: false,
    archived: false,
  };
}

/** The row of an agent, as the core would make it. */
export function agentRow(agent: Agent, key: string, face: string | null, at: number): Row {
  const live = agent.state.is === "starting" || agent.state.is === "working" || agent.state.is === "stopping";
  return {
    ...row(agent.id, agent.title, null, agent.repository ?? shop, rowStateOf(agent), at),
    key,
    face,
    silence: live ? agent.silence : null,
    reconnecting: live && agent.reconnecting,
    archived: agent.archived,
  };
}

export function rowStateOf(agent: Agent): RowState {
  const { state } = agent;
  const other = state.is === "starting" || state.is === "working" || state.is === "stopping" || state.is === "failed";
  const open = agent.queue.filter(({ state: { state } }) => state !== "confirmed" && state !== "rejected");
  if (!other && open.length > 0 && open.every(({ id }) => agent.heldBack.includes(id))) {
    return { is: "followUpHeld" };
  }
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
    silence: null,
    reconnecting: false,
    polled: false,
    runs: [{ id: `${id}-run-1`, state: "running", createdAt: now - 3 * minute, duration: null }],
    branches: [],
    pullRequests: [],
    webUrl: `https://cursor.com/agents/${id}`,
    artifacts: [],
    usage: null,
    runUsage: [],
    alarm: null,
    queue: [],
    heldBack: [],
    answer: { text: "", shots: [] },
    edited: null,
    model: null,
    archived: false,
    olderApi: false,
    problem: null,
    createdAt: now - 3 * minute,
    ...over,
  };
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
    createdAt: launch.createdAt,
    startedHere: true,
    pinned: false,
    unread: false,
    silence: null,
    reconnecting: false,
    archived: false,
  };
}

/** A scene with nothing in it. */
export function base(): Scene {
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
    spending: nothingSpent(),
    estimate: null,
    blocked: null,
  };
}

/** A file that an agent left. */
export const testResults: FileText = {
  text: "$ npm test\n\n PASS  sign-in.test.ts\n PASS  <script>alert(1)</script>.test.ts\n42 tests passed\n",
  shown: 262_144,
  bytes: 1_240_000,
};
