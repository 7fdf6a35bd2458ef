// Launches on their way to being agents.

import { Refusal } from "../backend";
import type { Draft, Launch, LaunchState } from "../bindings";
import type { Agents } from "./agents";
import type { Rows } from "./rows";
import { agentOf, agentRow, draftOf, launchRow } from "./made";
import type { Told } from "./told";

export class Launches {
  readonly #byId: Map<string, Launch>;
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    readonly told: Told,
    readonly rows: Rows,
    readonly agents: Agents,
    readonly mint: (kind: string) => string,
    launches: readonly Launch[],
  ) {
    this.#byId = new Map(launches.map((launch) => [launch.id, launch]));
  }

  get(id: string): Launch | undefined {
    return this.#byId.get(id);
  }

  /** Takes a draft, and holds it for so many milliseconds. */
  send(draft: Draft, hold: number): string {
    if (draft.text.trim() === "") throw new Refusal({ code: "promptEmpty" });
    if (draft.repository === null) throw new Refusal({ code: "repositoryMissing" });
    const key = this.rows.keyOf(draft.id);
    const { text, shots, repository, branch, model, planFirst, openPullRequest, account } = draft;
    const launch: Launch = {
      id: this.mint("launch"),
      account,
      draft: draft.id,
      text,
      shots,
      repository,
      branch,
      model,
      planFirst,
      openPullRequest,
      createdAt: Date.now(),
      state: { state: "holding", until: Date.now() + hold },
    };
    this.#byId.set(launch.id, launch);
    this.rows.put({ ...launchRow(launch), key });
    this.#held.set(launch.id, setTimeout(() => { this.depart(launch.id); }, hold));
    return launch.id;
  }

  /** Takes a launch back; gives its draft. */
  undo(id: string): Draft {
    const launch = this.#byId.get(id);
    const state = launch?.state.state;
    if (launch === undefined || state === "sending" || state === "uncertain" || state === "confirmed") {
      throw new Refusal({ code: "tooLate" });
    }
    clearTimeout(this.#held.get(id));
    const draft = draftOf(launch.draft, {
      text: launch.text,
      shots: launch.shots,
      repository: launch.repository,
      branch: launch.branch,
      model: launch.model,
      planFirst: launch.planFirst,
      openPullRequest: launch.openPullRequest,
      problem: launch.state.state === "rejected" ? launch.state.failure : null,
    });
    this.#byId.delete(id);
    this.told.tell(`launch:${id}`, { update: "gone" });
    return draft;
  }

  #set(id: string, state: LaunchState): Launch | null {
    const launch = this.#byId.get(id);
    if (launch === undefined) return null;
    const changed = { ...launch, state };
    this.#byId.set(id, changed);
    this.told.tell(`launch:${id}`, { update: "launch", launch: changed });
    return changed;
  }

  /** Sends one now; its agent is there a moment later. */
  depart(id: string): void {
    clearTimeout(this.#held.get(id));
    const launch = this.#set(id, { state: "sending", attempt: 1, since: Date.now() });
    if (launch === null) return;
    this.rows.put({ ...launchRow(launch), key: this.rows.keyOf(id) });
    setTimeout(() => {
      const title = (launch.text.split("\n")[0] ?? "").slice(0, 60);
      const agent = agentOf(`bc-${id}`, title, { is: "starting" }, {
        launch: id,
        repository: launch.repository,
        branch: launch.branch === "" ? "main" : launch.branch,
        lastSign: null,
        createdAt: Date.now(),
        runs: [],
      });
      this.agents.add(agent);
      this.agents.say(agent.id, { kind: "prompt", text: launch.text, shots: launch.shots });
      this.confirm(id, agent.id);
      this.agents.perform(agent.id, launch.shots);
    }, 1_600);
  }

  /** Tells which agent a launch became. */
  confirm(id: string, agent: string): void {
    const key = this.rows.keyOf(id);
    this.#set(id, { state: "confirmed", agent });
    const known = this.agents.get(agent);
    if (known !== undefined) this.rows.put(agentRow(known, key, this.#byId.get(id)?.shots[0]?.hash ?? null, Date.now()));
  }
}
