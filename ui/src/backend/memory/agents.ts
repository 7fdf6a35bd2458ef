// Agents, what they say, and the answers to them.

import { Refusal } from "../backend";
import type { Agent, Block, BlockKind, Change, FollowUpSource, Shot } from "../bindings";
import { stepOf, waits } from "../../state/queue";
import { moved } from "./moved";
import { shot } from "./pictures";
import type { Rows } from "./rows";
import { foldedBy } from "./script";
import { agentRow } from "./made";
import type { Told } from "./told";

/** What can be asked of an agent. */
type AgentChange = Exclude<
  Extract<Change, { change: `agent_${string}` | `answer_${string}` | `follow_up_${string}` | "shot_from_artifact" | "queue_release" }>,
  { change: "answer_shot_remove" }
>;

export class Agents {
  readonly #byId: Map<string, Agent>;
  readonly #blocks: Map<string, Map<string, Block>>;

  constructor(
    readonly told: Told,
    readonly rows: Rows,
    readonly mint: (kind: string) => string,
    agents: readonly Agent[],
    blocks: ReadonlyMap<string, readonly Block[]>,
  ) {
    this.#byId = new Map(agents.map((agent) => [agent.id, agent]));
    this.#blocks = new Map([...blocks].map(([agent, said]) => [agent, new Map(said.map((block) => [block.id, block]))]));
  }

  get(id: string): Agent | undefined {
    return this.#byId.get(id);
  }

  /** The transcript of an agent. */
  blocksOf(id: string): Block[] {
    return [...(this.#blocks.get(id)?.values() ?? [])];
  }

  /** All agents, each with its transcript. */
  all(): [Agent, Block[]][] {
    return [...this.#byId.values()].map((agent) => [agent, this.blocksOf(agent.id)]);
  }

  /** Takes in a new agent. */
  add(agent: Agent): void {
    this.#byId.set(agent.id, agent);
    this.#blocks.set(agent.id, new Map());
  }

  change(change: AgentChange): string | null {
    switch (change.change) {
      case "answer_text":
        this.put(change.agent, (agent) => ({ ...agent, answer: { ...agent.answer, text: change.text } }));
        return null;
      case "answer_edited":
        this.put(change.agent, (agent) => ({ ...agent, edited: change.edited }));
        return null;
      case "answer_model":
        this.put(change.agent, (agent) => ({ ...agent, model: change.model }));
        return null;
      case "answer_shot_move":
        this.put(change.agent, (agent) => ({
          ...agent,
          answer: { ...agent.answer, shots: moved(agent.answer.shots, change.from, change.to) },
        }));
        return null;
      case "shot_from_artifact":
        return this.#takeArtifact(change.agent, change.hash);
      case "follow_up_send":
        return this.#followUpSend(change.agent, change.source, change.planFirst);
      case "follow_up_again":
        return this.#followUpAgain(change.agent, change.followUp, change.text);
      case "follow_up_edit":
        this.put(change.agent, (agent) => ({
          ...agent,
          queue: agent.queue.map((one) => (one.id === change.followUp ? { ...one, text: change.text } : one)),
        }));
        return null;
      case "follow_up_remove":
        this.put(change.agent, (agent) => ({
          ...agent,
          queue: agent.queue.filter(({ id }) => id !== change.followUp),
        }));
        return null;
      case "follow_up_move": {
        const { queue } = this.#byId.get(change.agent) ?? { queue: [] };
        const to = stepOf(queue, change.followUp, change.earlier);
        if (to === null) throw new Refusal({ code: "tooLate" });
        const from = queue.findIndex(({ id }) => id === change.followUp);
        this.put(change.agent, (agent) => ({ ...agent, queue: moved(queue, from, to) }));
        return null;
      }
      case "follow_up_decide":
        this.put(change.agent, (agent) => ({
          ...agent,
          queue: change.send
            ? agent.queue.map((one) => (one.id === change.followUp ? { ...one, state: { state: "queued" } } : one))
            : agent.queue.filter(({ id }) => id !== change.followUp),
        }));
        return null;
      case "agent_stop":
        this.put(change.agent, (agent) => ({ ...agent, state: { is: "stopping" } }));
        setTimeout(() => {
          this.put(change.agent, (agent) => ({ ...agent, state: { is: "stopped" }, heldBack: agent.queue.filter(waits).map(({ id }) => id) }));
          this.interrupt(change.agent);
          this.say(change.agent, { kind: "ended", ending: { ending: "cancelled" }, duration: 34_000 });
        }, 900);
        return null;
      case "queue_release":
        this.put(change.agent, (agent) => ({ ...agent, heldBack: [] }));
        return null;
      case "agent_archive":
        this.put(change.agent, (agent) => ({ ...agent, archived: change.archived }));
        return null;
      case "agent_refresh":
        return null;
      case "agent_delete":
        this.#byId.delete(change.agent);
        this.rows.dropOf(change.agent);
        this.told.tell(`agent:${change.agent}`, { update: "gone" });
        return null;
    }
  }

  /** Makes an agent another. */
  put(id: string, change: (agent: Agent) => Agent): void {
    const agent = this.#byId.get(id);
    if (agent === undefined) return;
    const changed = change(agent);
    this.#byId.set(id, changed);
    this.told.tell(`agent:${id}`, { update: "agent", agent: changed });
    const row = this.rows.get(this.rows.keyOf(id));
    this.rows.put(agentRow(changed, this.rows.keyOf(id), row?.face ?? null, row?.at ?? Date.now()));
  }

  /** Adds a block to a transcript, or makes one of it another; gives its identifier. */
  /** Steps under way are cut short. */
  private interrupt(agent: string): void {
    for (const { id, kind } of this.#blocks.get(agent)?.values() ?? []) {
      if (kind.kind === "steps" && kind.step.state === "running") {
        this.say(agent, { ...kind, step: { ...kind.step, state: "interrupted" }, endedAt: Date.now() }, id);
      }
    }
  }

  say(agent: string, kind: BlockKind, id?: string): string {
    const blocks = this.#blocks.get(agent) ?? new Map<string, Block>();
    this.#blocks.set(agent, blocks);
    const known = id === undefined ? undefined : blocks.get(id);
    const block: Block = {
      id: known?.id ?? `${agent}-${blocks.size.toString()}`,
      order: known?.order ?? blocks.size,
      run: `${agent}-run-1`,
      at: known?.at ?? Date.now(),
      kind,
    };
    blocks.set(block.id, block);
    this.told.tell(`agent:${agent}`, { update: "block", block });
    return block.id;
  }

  /** Plays a short story: steps, growing words, a picture, a pull request. */
  perform(id: string, shots: Shot[]): void {
    const steps = [
      { does: "reads", count: 6, name: "page.tsx" },
      { does: "edits", name: "page.css", added: 12, removed: 3 },
      { does: "captures" },
      { does: "tests", command: "npm test" },
    ] as const;
    const words = "I found it: an older rule set a fixed margin. It is gone now, both widths follow the grid, and all tests pass.".split(" ");
    const began = Date.now();
    let place = 0;
    const play = (): void => {
      const step = steps[place];
      if (step === undefined) {
        this.#speak(id, words, () => { this.#finish(id, shots, began); });
        return;
      }
      this.put(id, (agent) => ({
        ...agent,
        lastSign: Date.now(),
        runs: [{ id: `${id}-run-1`, state: "running", createdAt: began, duration: null }],
        state: { is: "working", since: began, step: { detail: step, state: "running" } },
      }));
      const calls = foldedBy(step, `call-${place.toString()}`);
      const block = this.say(id, { kind: "steps", step: { detail: step, state: "running" }, endedAt: null, calls });
      setTimeout(() => {
        this.say(id, { kind: "steps", step: { detail: step, state: "done" }, endedAt: Date.now(), calls }, block);
        place += 1;
        play();
      }, 1_500);
    };
    setTimeout(play, 1_800);
  }

  #speak(id: string, words: readonly string[], then: () => void): void {
    let shown = 0;
    let block: string | undefined;
    const next = (): void => {
      shown += 2;
      block = this.say(
        id,
        { kind: "words", nodes: [{ node: "paragraph", content: [{ inline: "text", text: words.slice(0, shown).join(" ") }] }] },
        block,
      );
      if (shown < words.length) setTimeout(next, 60);
      else then();
    };
    next();
  }

  #finish(id: string, shots: Shot[], began: number): void {
    this.say(id, { kind: "ended", ending: { ending: "finished" }, duration: Date.now() - began });
    this.put(id, (agent) => ({
      ...agent,
      state: { is: "done" },
      lastSign: Date.now(),
      usage: { tokens: 76_390, micros: 80_000 },
      pullRequests: [{ url: `${agent.repository ?? ""}/pull/7`, branch: "cursor/fix" }],
      artifacts:
        shots.length === 0 ? [] : [{ path: "after.png", bytes: 310_000, picture: shot("signInAfter", 310_000), here: true, coming: false, run: agent.runs.at(-1)?.id ?? null }],
    }));
  }

  #takeArtifact(id: string, hash: string): string {
    const agent = this.#byId.get(id);
    const picture = agent?.artifacts.find((artifact) => artifact.picture?.hash === hash)?.picture;
    if (agent === undefined || picture === null || picture === undefined) throw new Refusal({ code: "notFound" });
    const { shots } = agent.answer;
    if (shots.length >= 5) throw new Refusal({ code: "picturesTooMany", limit: 5 });
    const taken = { ...picture, id: this.mint("shot") };
    this.put(id, (before) => ({ ...before, answer: { ...before.answer, shots: [...shots, taken] } }));
    return taken.id;
  }

  #followUpSend(id: string, source: FollowUpSource, planFirst: boolean): string {
    const answer = this.#byId.get(id)?.answer;
    if (source.from === "words" || answer === undefined) {
      return this.#followUp(id, source.from === "words" ? source.text : "", [], planFirst);
    }
    if (answer.text.trim() === "" && answer.shots.length === 0) throw new Refusal({ code: "promptEmpty" });
    const made = this.#followUp(id, answer.text, answer.shots, planFirst);
    this.put(id, (agent) => ({ ...agent, answer: { text: "", shots: [] } }));
    return made;
  }

  #followUpAgain(id: string, refused: string, text: string): string {
    const held = this.#byId.get(id)?.queue.find((one) => one.id === refused && one.state.state === "rejected");
    if (held === undefined) throw new Refusal({ code: "tooLate" });
    const made = this.#followUp(id, text, held.shots, held.planFirst);
    this.put(id, (agent) => ({ ...agent, queue: agent.queue.filter((one) => one.id !== refused) }));
    return made;
  }

  #followUp(id: string, text: string, shots: Shot[], planFirst: boolean): string {
    const agent = this.#byId.get(id);
    if (agent === undefined) throw new Refusal({ code: "agentGone" });
    const followUp = this.mint("follow-up");
    const busy = agent.state.is === "working" || agent.state.is === "starting";
    this.put(id, (before) => ({
      ...before,
      queue: busy ? [...before.queue, { id: followUp, text, shots, planFirst, model: before.model, state: { state: "queued" } }] : before.queue,
      state: busy ? before.state : { is: "working", since: Date.now(), step: null },
    }));
    if (!busy) {
      this.say(id, { kind: "prompt", text, shots });
      this.perform(id, shots);
    }
    return followUp;
  }
}
