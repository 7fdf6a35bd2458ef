// A whole backend in memory, for a browser and for tests: nothing leaves the page, and every state can be seen.
// The query string chooses: `?scene=compose&theme=dark`. It is loaded only where there is no shell.

import { type Backend, type DragPhase, Refusal, type Stop, type Wanted } from "./backend";
import type {
  Account,
  Agent,
  Block,
  BlockKind,
  Change,
  Changes,
  Draft,
  Failure,
  FollowUpSource,
  Launch,
  LaunchState,
  Model,
  Repositories,
  Row,
  Settings,
  Shot,
  ShotTarget,
  Taken,
  Update,
  View,
} from "./bindings";
import { drawingNames, pictureAddress, shot } from "./memory/pictures";
import { accountsFor, agentOf, agentRow, draftOf, draftRow, launchRow, type Scene, sceneOf } from "./memory/scenes";

const viewKey = (view: View): string => (view.view === "home" ? "home" : `${view.view}:${view.id}`);

/** What an update replaces: of two with the same mark only the later is sent. */
function markOf(update: Update): string {
  switch (update.update) {
    case "row":
      return `row:${update.row.key}`;
    case "rowGone":
      return `row:${update.key}`;
    case "block":
      return `block:${update.block.id}`;
    case "blockGone":
      return `block:${update.id}`;
    case "gone":
    case "draft":
    case "launch":
    case "agent":
      return "item";
    case "accounts":
    case "settings":
    case "repositories":
    case "online":
      return update.update;
  }
}

export class MemoryBackend implements Backend {
  #revision = 1;
  readonly #log = new Map<string, Map<string, { revision: number; update: Update }>>();
  readonly #waiting = new Set<() => void>();
  readonly #opened = new Set<(wanted: Wanted) => void>();
  readonly #taken = new Set<(taken: Taken) => void>();
  readonly #closeAsked = new Set<() => void>();
  readonly #drafts = new Map<string, Draft>();
  readonly #launches = new Map<string, Launch>();
  readonly #agents = new Map<string, Agent>();
  readonly #blocks = new Map<string, Map<string, Block>>();
  readonly #rows = new Map<string, Row>();
  readonly #held = new Map<string, ReturnType<typeof setTimeout>>();
  #accounts: Account[];
  #active: string | null;
  #repositories: Repositories;
  #connectFails: Failure | null;
  #blocked: Failure | null;
  #settings: Settings;
  #count = 0;
  #pasted = 0;
  /** Every change that was asked for, in order: for tests. */
  readonly asked: Change[] = [];

  constructor(
    readonly scene: Scene,
    theme: Settings["theme"] = "system",
  ) {
    this.#accounts = scene.accounts;
    this.#active = scene.active;
    this.#connectFails = scene.connectFails;
    this.#blocked = scene.blocked;
    this.#settings = {
      theme,
      holdSeconds: 5,
      notifications: true,
      onClose: "ask",
      openPullRequest: true,
      planFirst: false,
    };
    this.#repositories = {
      items: scene.repositories,
      listedAt: Date.now() - 26 * 60_000,
      loading: false,
      refreshAfter: null,
      problem: scene.repositoriesProblem,
    };
    for (const draft of scene.drafts) this.#drafts.set(draft.id, draft);
    for (const launch of scene.launches) this.#launches.set(launch.id, launch);
    for (const agent of scene.agents) this.#agents.set(agent.id, agent);
    for (const row of scene.rows) this.#rows.set(row.key, row);
    for (const [agent, blocks] of scene.blocks) {
      this.#blocks.set(agent, new Map(blocks.map((block) => [block.id, block])));
    }
  }

  async changes(since: number, view: View): Promise<Changes> {
    if (this.#blocked !== null) throw new Refusal(this.#blocked);
    if (since === 0) return { revision: this.#revision, whole: true, updates: this.#whole(view) };
    for (;;) {
      const news = [...(this.#log.get(viewKey(view))?.values() ?? [])].filter(({ revision }) => revision > since);
      if (news.length > 0) {
        return { revision: this.#revision, whole: false, updates: news.map(({ update }) => update) };
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async change(change: Change): Promise<string | null> {
    this.asked.push(change);
    switch (change.change) {
      case "account_practice":
        if (!this.#accounts.some(({ kind }) => kind === "practice")) this.#accounts = [...this.#accounts, accountsFor.practice];
        this.#activate("practice");
        return null;
      case "account_activate":
        this.#activate(change.account);
        return null;
      case "account_remove":
        this.#accounts = this.#accounts.filter(({ id }) => id !== change.account);
        this.#activate(this.#accounts[0]?.id ?? null);
        return null;
      case "account_older_api":
        this.#accounts = this.#accounts.map((account) =>
          account.id === change.account ? { ...account, olderApi: change.olderApi } : account,
        );
        this.#tellAccounts();
        return null;
      case "account_retry":
        this.#accounts = this.#accounts.map((account) =>
          account.id === change.account ? { ...account, problem: null } : account,
        );
        this.#tellAccounts();
        return null;
      case "draft_create": {
        const draft = draftOf(this.#mint("draft"), {
          openPullRequest: this.#settings.openPullRequest,
          planFirst: this.#settings.planFirst,
          branch: "",
        });
        this.#putDraft(draft);
        return draft.id;
      }
      case "draft_text":
        this.#putDraft({ ...this.#draft(change.draft), text: change.text, problem: null });
        return null;
      case "draft_repository":
        if (change.repository !== null && !/^(https?:\/\/)?[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(change.repository)) {
          throw new Refusal({ code: "repositoryMalformed", text: change.repository });
        }
        this.#chooseRepository(change.draft, change.repository);
        return null;
      case "draft_branch":
        if (/\s/.test(change.branch)) throw new Refusal({ code: "branchMalformed", branch: change.branch });
        this.#putDraft({ ...this.#draft(change.draft), branch: change.branch });
        return null;
      case "draft_model":
        this.#putDraft({ ...this.#draft(change.draft), model: change.model });
        return null;
      case "draft_options":
        this.#putDraft({
          ...this.#draft(change.draft),
          planFirst: change.planFirst,
          openPullRequest: change.openPullRequest,
        });
        return null;
      case "draft_shot_move": {
        const draft = this.#draft(change.draft);
        this.#putDraft({ ...draft, shots: moved(draft.shots, change.from, change.to) });
        return null;
      }
      case "draft_shot_remove": {
        const draft = this.#draft(change.draft);
        this.#putDraft({ ...draft, shots: draft.shots.filter((_, index) => index !== change.index) });
        return null;
      }
      case "draft_delete":
        this.#dropDraft(change.draft);
        return null;
      case "draft_send":
        return this.#send(this.#draft(change.draft));
      case "launch_undo":
        return this.#undo(change.launch);
      case "launch_now":
        this.#depart(change.launch);
        return null;
      case "launch_decide":
        if (change.send) this.#depart(change.launch);
        else if (change.agent !== null) this.#confirm(change.launch, change.agent);
        else return this.#undo(change.launch);
        return null;
      case "answer_text":
        this.#putAgent(change.agent, (agent) => ({ ...agent, answer: { ...agent.answer, text: change.text } }));
        return null;
      case "answer_shot_move":
        this.#putAgent(change.agent, (agent) => ({
          ...agent,
          answer: { ...agent.answer, shots: moved(agent.answer.shots, change.from, change.to) },
        }));
        return null;
      case "answer_shot_remove":
        this.#putAgent(change.agent, (agent) => ({
          ...agent,
          answer: { ...agent.answer, shots: agent.answer.shots.filter((_, index) => index !== change.index) },
        }));
        return null;
      case "follow_up_send":
        return this.#followUpSend(change.agent, change.source, change.planFirst);
      case "follow_up_again":
        return this.#followUpAgain(change.agent, change.followUp, change.text);
      case "follow_up_edit":
        this.#putAgent(change.agent, (agent) => ({
          ...agent,
          queue: agent.queue.map((one) => (one.id === change.followUp ? { ...one, text: change.text } : one)),
        }));
        return null;
      case "follow_up_remove":
        this.#putAgent(change.agent, (agent) => ({
          ...agent,
          queue: agent.queue.filter(({ id }) => id !== change.followUp),
        }));
        return null;
      case "follow_up_decide":
        this.#putAgent(change.agent, (agent) => ({
          ...agent,
          queue: change.send
            ? agent.queue.map((one) => (one.id === change.followUp ? { ...one, state: { state: "queued" } } : one))
            : agent.queue.filter(({ id }) => id !== change.followUp),
        }));
        return null;
      case "agent_stop":
        this.#putAgent(change.agent, (agent) => ({ ...agent, state: { is: "stopping" } }));
        setTimeout(() => {
          this.#putAgent(change.agent, (agent) => ({ ...agent, state: { is: "stopped" } }));
          this.#say(change.agent, { kind: "ended", ending: { ending: "cancelled" }, duration: 34_000 });
        }, 900);
        return null;
      case "agent_archive":
        this.#putAgent(change.agent, (agent) => ({ ...agent, archived: change.archived }));
        return null;
      case "agent_delete":
        this.#agents.delete(change.agent);
        this.#dropRowOf(change.agent);
        this.#tell(`agent:${change.agent}`, { update: "gone" });
        return null;
      case "repositories_refresh":
        this.#tellRepositories({ loading: true });
        setTimeout(() => {
          this.#tellRepositories({ loading: false, listedAt: Date.now(), refreshAfter: Date.now() + 60_000 });
        }, 2_500);
        return null;
      case "repository_label":
        this.#tellRepositories({
          items: this.#repositories.items.map((one) =>
            one.url === change.url ? { ...one, nickname: change.nickname, color: change.color } : one,
          ),
        });
        return null;
      case "settings_change":
        this.#settings = change.settings;
        this.#tell("home", { update: "settings", settings: this.#settings });
        return null;
      case "agent_refresh":
      case "list_refresh":
        return null;
    }
  }

  async connect(key: string, account: string | null, memory: boolean): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 600));
    if (!/^\S{4,200}$/.test(key.trim())) throw new Refusal({ code: "keyMalformed" });
    if (this.#connectFails !== null && !memory) throw new Refusal(this.#connectFails);
    const made: Account = {
      ...accountsFor.studio,
      id: account ?? "studio",
      key: memory ? "memory" : "keychain",
      lastFour: key.trim().slice(-4),
    };
    this.#accounts = [...this.#accounts.filter(({ id }) => id !== made.id), made];
    this.#activate(made.id);
    return made.id;
  }

  async paste(target: ShotTarget, _picture: boolean): Promise<Taken> {
    const shots = target.into === "draft" ? this.#draft(target.id).shots : (this.#agents.get(target.id)?.answer.shots ?? []);
    if (shots.length >= 5) return { took: "pictures", count: 0, refused: [{ code: "picturesTooMany", limit: 5 }] };
    const made = shot(drawingNames[this.#pasted++ % drawingNames.length] ?? "signIn", 310_000);
    if (target.into === "draft") {
      const draft = this.#draft(target.id);
      this.#putDraft({ ...draft, shots: [...draft.shots, made] });
    } else {
      this.#putAgent(target.id, (agent) => ({
        ...agent,
        answer: { ...agent.answer, shots: [...agent.answer.shots, made] },
      }));
    }
    return { took: "pictures", count: 1, refused: [] };
  }

  pick(target: ShotTarget): Promise<Taken> {
    return this.paste(target, true);
  }

  async models(): Promise<Model[]> {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const effort = (value: string, isDefault = false): Model["variants"][number] => ({
      name: value,
      parameters: [{ id: "effort", value: value.toLowerCase() }],
      default: isDefault,
    });
    return [
      { id: "composer-2", name: "Composer 2", description: "Quick, for everyday changes", variants: [{ name: "Composer 2", parameters: [], default: true }] },
      { id: "opus-5", name: "Opus 5", description: "Careful, for hard problems", variants: [effort("High", true), effort("Medium")] },
      { id: "gpt-6", name: "GPT-6", description: null, variants: [effort("High"), effort("Medium", true), effort("Low")] },
    ];
  }

  saveArtifact(): Promise<boolean> {
    return Promise.resolve(true);
  }

  openLink(url: string): Promise<void> {
    return url.startsWith("https://") ? Promise.resolve() : Promise.reject(new Refusal({ code: "linkRefused" }));
  }

  opening(): Promise<Wanted | null> {
    const { open } = this.scene;
    return Promise.resolve(open === null ? null : { open: open.view, id: open.id });
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  /** Trying again helps with everything but a damaged or newer database. */
  openData(aside: boolean): Promise<void> {
    const stays = this.#blocked?.code === "dataNewer" || (this.#blocked?.code === "dataDamaged" && !aside);
    if (stays && this.#blocked !== null) return Promise.reject(new Refusal(this.#blocked));
    this.#blocked = null;
    return Promise.resolve();
  }

  closeWindow(): Promise<void> {
    return Promise.resolve();
  }

  quit(): Promise<void> {
    return Promise.resolve();
  }

  pictureUrl(hash: string): string {
    return pictureAddress(hash);
  }

  onDrag(listener: (phase: DragPhase) => void): Stop {
    const enter = (event: DragEvent): void => {
      event.preventDefault();
      listener("enter");
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      listener("drop");
      this.give({ took: "nothing" });
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) listener("leave");
    };
    addEventListener("dragover", enter);
    addEventListener("drop", drop);
    addEventListener("dragleave", leave);
    return () => {
      removeEventListener("dragover", enter);
      removeEventListener("drop", drop);
      removeEventListener("dragleave", leave);
    };
  }

  onTaken(listener: (taken: Taken) => void): Stop {
    this.#taken.add(listener);
    return () => this.#taken.delete(listener);
  }

  /** Tells what a drop brought, as the shell would. */
  give(taken: Taken): void {
    for (const listener of this.#taken) listener(taken);
  }

  onCloseAsked(listener: () => void): Stop {
    this.#closeAsked.add(listener);
    return () => this.#closeAsked.delete(listener);
  }

  /** Asks what closing the window means, as its close button would. */
  askClose(): void {
    for (const listener of this.#closeAsked) listener();
  }

  onOpen(listener: (wanted: Wanted) => void): Stop {
    this.#opened.add(listener);
    return () => this.#opened.delete(listener);
  }

  /** Opens something, as a click on a notice would. */
  want(wanted: Wanted): void {
    for (const listener of this.#opened) listener(wanted);
  }

  /** Changes an agent, as the service would. */
  put(id: string, over: Partial<Agent>): void {
    this.#putAgent(id, (agent) => ({ ...agent, ...over }));
  }

  #mint(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count.toString()}`;
  }

  #whole(view: View): Update[] {
    switch (view.view) {
      case "home":
        return [
          { update: "accounts", accounts: this.#accounts, active: this.#active },
          { update: "settings", settings: this.#settings },
          { update: "repositories", repositories: this.#repositories },
          { update: "online", online: this.scene.online },
          ...(this.#active === "practice" && this.scene.active !== "practice"
            ? [...this.#rows.values()].filter(({ key }) => /^(draft|launch)-\d/.test(key))
            : [...this.#rows.values()]
          ).map((row): Update => ({ update: "row", row })),
        ];
      case "draft": {
        const draft = this.#drafts.get(view.id);
        return [draft === undefined ? { update: "gone" } : { update: "draft", draft }];
      }
      case "launch": {
        const launch = this.#launches.get(view.id);
        return [launch === undefined ? { update: "gone" } : { update: "launch", launch }];
      }
      case "agent": {
        const agent = this.#agents.get(view.id);
        if (agent === undefined) return [{ update: "gone" }];
        const blocks = [...(this.#blocks.get(view.id)?.values() ?? [])];
        return [{ update: "agent", agent }, ...blocks.map((block): Update => ({ update: "block", block }))];
      }
    }
  }

  #tell(view: string, update: Update): void {
    this.#revision += 1;
    const log = this.#log.get(view) ?? new Map<string, { revision: number; update: Update }>();
    log.set(markOf(update), { revision: this.#revision, update });
    this.#log.set(view, log);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #tellAccounts(): void {
    this.#tell("home", { update: "accounts", accounts: this.#accounts, active: this.#active });
  }

  #tellRepositories(over: Partial<Repositories>): void {
    this.#repositories = { ...this.#repositories, ...over };
    this.#tell("home", { update: "repositories", repositories: this.#repositories });
  }

  #activate(account: string | null): void {
    this.#active = account;
    this.#tellAccounts();
  }

  #draft(id: string): Draft {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new Refusal({ code: "notFound" });
    return draft;
  }

  #putDraft(draft: Draft): void {
    const changed = { ...draft, updatedAt: Date.now() };
    this.#drafts.set(draft.id, changed);
    this.#tell(`draft:${draft.id}`, { update: "draft", draft: changed });
    this.#putRow({ ...draftRow(changed), key: this.#rowKey(draft.id) });
  }

  #dropDraft(id: string): void {
    this.#drafts.delete(id);
    this.#dropRowOf(id);
    this.#tell(`draft:${id}`, { update: "gone" });
  }

  #rowKey(id: string): string {
    return [...this.#rows.values()].find(({ target }) => target.id === id)?.key ?? id;
  }

  #putRow(row: Row): void {
    this.#rows.set(row.key, row);
    this.#tell("home", { update: "row", row });
  }

  #dropRowOf(id: string): void {
    const key = this.#rowKey(id);
    this.#rows.delete(key);
    this.#tell("home", { update: "rowGone", key });
  }

  #chooseRepository(id: string, entered: string | null): void {
    const url = entered === null ? null : entered.replace(/^(https?:\/\/)?/, "https://");
    if (url !== null && !this.#repositories.items.some((one) => one.url === url)) {
      this.#tellRepositories({
        items: [
          ...this.#repositories.items,
          { url, nickname: "", color: 7, uses: 0, lastUsed: null, branches: [], origin: "typed" },
        ],
      });
    }
    this.#putDraft({ ...this.#draft(id), repository: url, problem: null });
  }

  #send(draft: Draft): string {
    if (draft.text.trim() === "") throw new Refusal({ code: "promptEmpty" });
    if (draft.repository === null) throw new Refusal({ code: "repositoryMissing" });
    const key = this.#rowKey(draft.id);
    const hold = this.#settings.holdSeconds * 1_000;
    const { text, shots, repository, branch, model, planFirst, openPullRequest, account } = draft;
    const launch: Launch = {
      id: this.#mint("launch"),
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
    this.#drafts.delete(draft.id);
    this.#launches.set(launch.id, launch);
    this.#tell(`draft:${draft.id}`, { update: "gone" });
    this.#putRow({ ...launchRow(launch), key });
    this.#held.set(launch.id, setTimeout(() => { this.#depart(launch.id); }, hold));
    return launch.id;
  }

  #undo(id: string): string {
    const launch = this.#launches.get(id);
    const state = launch?.state.state;
    if (launch === undefined || state === "sending" || state === "uncertain" || state === "confirmed") {
      throw new Refusal({ code: "tooLate" });
    }
    clearTimeout(this.#held.get(id));
    const key = this.#rowKey(id);
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
    this.#launches.delete(id);
    this.#drafts.set(draft.id, draft);
    this.#tell(`launch:${id}`, { update: "gone" });
    this.#tell(`draft:${draft.id}`, { update: "draft", draft });
    this.#putRow({ ...draftRow(draft), key });
    return draft.id;
  }

  #setLaunch(id: string, state: LaunchState): Launch | null {
    const launch = this.#launches.get(id);
    if (launch === undefined) return null;
    const changed = { ...launch, state };
    this.#launches.set(id, changed);
    this.#tell(`launch:${id}`, { update: "launch", launch: changed });
    return changed;
  }

  #depart(id: string): void {
    clearTimeout(this.#held.get(id));
    const launch = this.#setLaunch(id, { state: "sending", attempt: 1, since: Date.now() });
    if (launch === null) return;
    this.#putRow({ ...launchRow(launch), key: this.#rowKey(id) });
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
      this.#agents.set(agent.id, agent);
      this.#blocks.set(agent.id, new Map());
      this.#say(agent.id, { kind: "prompt", text: launch.text, shots: launch.shots });
      this.#confirm(id, agent.id);
      this.#perform(agent.id, launch.shots);
    }, 1_600);
  }

  #confirm(id: string, agent: string): void {
    const key = this.#rowKey(id);
    this.#setLaunch(id, { state: "confirmed", agent });
    const known = this.#agents.get(agent);
    if (known !== undefined) this.#putRow(agentRow(known, key, this.#launches.get(id)?.shots[0]?.hash ?? null, Date.now()));
  }

  #putAgent(id: string, change: (agent: Agent) => Agent): void {
    const agent = this.#agents.get(id);
    if (agent === undefined) return;
    const changed = change(agent);
    this.#agents.set(id, changed);
    this.#tell(`agent:${id}`, { update: "agent", agent: changed });
    const row = this.#rows.get(this.#rowKey(id));
    this.#putRow(agentRow(changed, this.#rowKey(id), row?.face ?? null, row?.at ?? Date.now()));
  }

  #say(agent: string, kind: BlockKind, id?: string): string {
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
    this.#tell(`agent:${agent}`, { update: "block", block });
    return block.id;
  }

  /** Plays a short story: steps, growing words, a picture, a pull request. */
  #perform(id: string, shots: Shot[]): void {
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
      this.#putAgent(id, (agent) => ({
        ...agent,
        lastSign: Date.now(),
        runs: [{ id: `${id}-run-1`, state: "running", createdAt: began, duration: null }],
        state: { is: "working", since: began, step: { detail: step, state: "running" } },
      }));
      const block = this.#say(id, { kind: "steps", step: { detail: step, state: "running" }, endedAt: null });
      setTimeout(() => {
        this.#say(id, { kind: "steps", step: { detail: step, state: "done" }, endedAt: Date.now() }, block);
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
      block = this.#say(
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
    this.#say(id, { kind: "ended", ending: { ending: "finished" }, duration: Date.now() - began });
    this.#putAgent(id, (agent) => ({
      ...agent,
      state: { is: "done" },
      lastSign: Date.now(),
      usage: { tokens: 76_390, cents: 8 },
      pullRequests: [{ url: `${agent.repository ?? ""}/pull/7`, branch: "cursor/fix" }],
      artifacts:
        shots.length === 0 ? [] : [{ path: "after.png", bytes: 310_000, picture: shot("signInAfter", 310_000), here: true, coming: false, run: agent.runs.at(-1)?.id ?? null }],
    }));
  }

  #followUpSend(id: string, source: FollowUpSource, planFirst: boolean): string {
    const answer = this.#agents.get(id)?.answer;
    if (source.from === "words" || answer === undefined) {
      return this.#followUp(id, source.from === "words" ? source.text : "", [], planFirst);
    }
    const made = this.#followUp(id, answer.text, answer.shots, planFirst);
    this.#putAgent(id, (agent) => ({ ...agent, answer: { text: "", shots: [] } }));
    return made;
  }

  #followUpAgain(id: string, refused: string, text: string): string {
    const held = this.#agents.get(id)?.queue.find((one) => one.id === refused && one.state.state === "rejected");
    if (held === undefined) throw new Refusal({ code: "tooLate" });
    const made = this.#followUp(id, text, held.shots, held.planFirst);
    this.#putAgent(id, (agent) => ({ ...agent, queue: agent.queue.filter((one) => one.id !== refused) }));
    return made;
  }

  #followUp(id: string, text: string, shots: Shot[], planFirst: boolean): string {
    const agent = this.#agents.get(id);
    if (agent === undefined) throw new Refusal({ code: "agentGone" });
    const followUp = this.#mint("follow-up");
    const busy = agent.state.is === "working" || agent.state.is === "starting";
    this.#putAgent(id, (before) => ({
      ...before,
      queue: busy ? [...before.queue, { id: followUp, text, shots, planFirst, state: { state: "queued" } }] : before.queue,
      state: busy ? before.state : { is: "working", since: Date.now(), step: null },
    }));
    if (!busy) {
      this.#say(id, { kind: "prompt", text, shots });
      this.#perform(id, shots);
    }
    return followUp;
  }
}

function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = [...items];
  const [item] = rest.splice(from, 1);
  if (item !== undefined) rest.splice(to, 0, item);
  return rest;
}

/** The backend that the query string asks for. */
export function fromQuery(query: URLSearchParams): MemoryBackend {
  const theme = query.get("theme");
  return new MemoryBackend(
    sceneOf(query.get("scene") ?? "list"),
    theme === "dark" || theme === "light" ? theme : "system",
  );
}
