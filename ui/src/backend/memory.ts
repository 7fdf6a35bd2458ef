// A whole backend in memory, for a browser and for tests: nothing leaves the page, and every state can be seen.
// The query string chooses: `?scene=compose&theme=dark`. It is loaded only where there is no shell.

import { type Backend, type DragPhase, Refusal, type Stop, type Wanted } from "./backend";
import type {
  Account,
  Agent,
  CallDetail,
  Change,
  Changes,
  CodeRun,
  Draft,
  Earlier,
  Failure,
  FileText,
  Found,
  KeyShape,
  Model,
  Outlook,
  OutsidePicture,
  Repositories,
  Settings,
  ShotTarget,
  Spending,
  SpendingRange,
  StepCall,
  Taken,
  TextShape,
  Update,
  View,
} from "./bindings";
import { Agents } from "./memory/agents";
import { listenToDrags } from "./memory/drags";
import { colorsOf } from "./memory/colors";
import { callsOf, detailOf } from "./memory/calls";
import { found } from "./memory/finding";
import { Launches } from "./memory/launches";
import { draftOf, draftRow, practice, type Scene, studio, testResults } from "./memory/made";
import { keyShapesOf } from "./memory/keys";
import { models } from "./memory/models";
import { moved } from "./memory/moved";
import { drawingNames, pictureAddress, shot } from "./memory/pictures";
import { Rows } from "./memory/rows";
import { sceneOf } from "./memory/scenes";
import { shapeOf } from "./memory/shapes";
import { Shots } from "./memory/shots";
import { Told } from "./memory/told";

export class MemoryBackend implements Backend {
  readonly #opened = new Set<(wanted: Wanted) => void>();
  readonly #taken = new Set<(taken: Taken) => void>();
  readonly #closeAsked = new Set<() => void>();
  readonly #drafts = new Map<string, Draft>();
  readonly #told = new Told();
  readonly #rows: Rows;
  readonly #agents: Agents;
  readonly #launches: Launches;
  readonly #shots = new Shots((target, change, text = null) => {
    if (target.into === "draft") {
      const draft = this.#drafts.get(target.id);
      if (draft !== undefined) this.#putDraft({ ...draft, shots: change(draft.shots), text: text ?? draft.text });
    } else {
      this.#agents.put(target.id, (agent) => ({ ...agent, answer: { shots: change(agent.answer.shots), text: text ?? agent.answer.text } }));
    }
  }, undefined, () => this.#settings.fit);
  #accounts: Account[];
  #active: string | null;
  #repositories: Repositories;
  #connectFails: Failure | null;
  #blocked: Failure | null;
  #settings: Settings;
  /** Key of the row that was open last in the account that the scene begins with. */
  #left: string | null;
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
      list: { sort: "latest", groupBy: "need", filter: { standing: null, repository: null, origin: null, within: null } },
      theme,
      holdSeconds: 5,
      notifications: true,
      onClose: "ask",
      openPullRequest: true,
      planFirst: false,
      captureShortcut: "CmdOrCtrl+Shift+2",
      fit: "sharp",
      spending: { dayLimit: null, weekLimit: null, alarmSeconds: null, alarmTokens: null, alarmMicros: null, alarmStops: false },
    };
    this.#repositories = {
      items: scene.repositories,
      listedAt: Date.now() - 26 * 60_000,
      loading: false,
      refreshAfter: null,
      problem: scene.repositoriesProblem,
    };
    for (const draft of scene.drafts) this.#drafts.set(draft.id, draft);
    this.#rows = new Rows(this.#told, scene.rows);
    this.#left = this.#rows.latestDraft();
    this.#agents = new Agents(this.#told, this.#rows, (kind) => this.#mint(kind), scene.agents, scene.blocks);
    this.#launches = new Launches(this.#told, this.#rows, this.#agents, (kind) => this.#mint(kind), scene.launches);
  }

  async changes(since: number, view: View): Promise<Changes> {
    if (this.#blocked !== null) throw new Refusal(this.#blocked);
    if (view.view !== "home" && this.#active === this.scene.active) this.#left = this.#rows.keyOf(view.id);
    return this.#told.changes(since, view, () => this.#whole(view));
  }

  async change(change: Change): Promise<string | null> {
    this.asked.push(change);
    switch (change.change) {
      case "account_practice":
        if (!this.#accounts.some(({ kind }) => kind === "practice")) this.#accounts = [...this.#accounts, practice];
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
      case "draft_shot_remove":
        return this.#shots.remove({ into: "draft", id: change.draft }, change.index);
      case "answer_shot_remove":
        return this.#shots.remove({ into: "answer", id: change.agent }, change.index);
      case "shot_mark":
      case "shot_forget":
      case "shot_restore":
        return this.#shots.change(change);
      case "draft_delete":
        this.#dropDraft(change.draft);
        return null;
      case "draft_send":
        return this.#send(this.#draft(change.draft));
      case "launch_undo":
        return this.#undo(change.launch);
      case "launch_now":
        this.#launches.depart(change.launch);
        return null;
      case "launch_decide":
        if (change.send) this.#launches.depart(change.launch);
        else if (change.agent !== null) this.#launches.confirm(change.launch, change.agent);
        else return this.#undo(change.launch);
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
      case "repository_reminded":
        this.#tellRepositories({
          items: this.#repositories.items.map((one) => (one.url === change.url ? { ...one, reminded: true } : one)),
        });
        return null;
      case "settings_change":
        this.#settings = change.settings;
        for (const id of this.#drafts.keys()) this.#shots.fitAll({ into: "draft", id });
        this.#told.tell("home", { update: "settings", settings: this.#settings });
        return null;
      case "row_pin":
        this.#rows.pin(change.target.id, change.pinned);
        return null;
      case "list_refresh":
        return null;
      default:
        return this.#agents.change(change);
    }
  }

  async connect(key: string, account: string | null, memory: boolean): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, 600));
    if (!/^\S{4,200}$/.test(key.trim())) throw new Refusal({ code: "keyMalformed" });
    if (this.#connectFails !== null && !memory) throw new Refusal(this.#connectFails);
    const made: Account = {
      ...studio,
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
    this.#shots.edit(target, (before) => [...before, made]);
    return { took: "pictures", count: 1, refused: [] };
  }

  pick(target: ShotTarget): Promise<Taken> {
    return this.paste(target, true);
  }

  async capture(into: string | null): Promise<void> {
    const draft = into ?? (await this.change({ change: "draft_create" })) ?? "";
    const taken = await this.paste({ into: "draft", id: draft }, true);
    const shot = this.#draft(draft).shots.at(-1)?.id ?? "";
    const failure = taken.took === "pictures" ? taken.refused[0] : undefined;
    if (failure !== undefined) this.want({ open: "trouble", failure, draft: into });
    else this.want({ open: "capture", draft, shot, windows: [{ x: 390, y: 90, width: 500, height: 620 }] });
  }

  async changeShortcut(captureShortcut: string | null): Promise<void> {
    // As on a desktop where a screenshot program has that key.
    if (captureShortcut === "PrintScreen") throw new Refusal({ code: "shortcutTaken", shortcut: captureShortcut });
    await this.change({ change: "settings_change", settings: { ...this.#settings, captureShortcut } });
  }

  shortcutTrouble(): Promise<Failure | null> {
    return Promise.resolve(null);
  }

  noticeTrouble(): Promise<Failure | null> {
    return Promise.resolve(null);
  }

  async models(): Promise<Model[]> {
    await new Promise((resolve) => setTimeout(resolve, 250));
    return models;
  }

  spending(range: SpendingRange): Promise<Spending> {
    const { spending } = this.scene;
    return Promise.resolve({ ...spending, days: range === "week" ? spending.days.slice(-7) : spending.days });
  }

  outlook({ into, id }: ShotTarget): Promise<Outlook> {
    const repository = into === "draft" ? this.#draft(id).repository : (this.#agents.get(id)?.repository ?? null);
    const { spending, estimate } = this.scene;
    return Promise.resolve({ estimate: repository === null ? null : estimate, limits: spending.outlook });
  }

  keyShapes(text: string): Promise<KeyShape[]> {
    return Promise.resolve(keyShapesOf(text));
  }

  search(words: string): Promise<Found> {
    return Promise.resolve(found(this.#agents.all(), words));
  }

  stepCalls(agent: string, run: string, first: string, count: number): Promise<StepCall[]> {
    return Promise.resolve(callsOf(this.#agents.blocksOf(agent), run, first, count));
  }

  stepDetail(agent: string, run: string, call: string): Promise<CallDetail | null> {
    return Promise.resolve(detailOf(this.#agents.blocksOf(agent), run, call));
  }

  codeColors(language: string, code: string): Promise<CodeRun[]> {
    return Promise.resolve(colorsOf(language, code));
  }

  outsidePicture(_agent: string, url: string): Promise<OutsidePicture> {
    if (url.endsWith("gone.png")) return Promise.reject(new Refusal({ code: "notFound" }));
    return Promise.resolve({ hash: "pricing", width: 800, height: 500 });
  }

  exportConversation(): Promise<boolean> {
    return Promise.resolve(true);
  }

  saveArtifact(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** There is nothing to put in the place of the page's own drag. */
  dragArtifact(event: DragEvent): Promise<void> {
    event.preventDefault();
    return Promise.resolve();
  }

  /** Transcripts of the scenes are given whole. */
  earlier(): Promise<Earlier> {
    return Promise.resolve({ blocks: [], from: 0 });
  }

  artifactText(_agent: string, _run: string | null, path: string): Promise<FileText | null> {
    return Promise.resolve(path.endsWith(".txt") ? testResults : null);
  }

  artifactVideo(): Promise<ArrayBuffer | null> {
    return Promise.resolve(new ArrayBuffer(8));
  }

  playArtifact(): Promise<void> {
    return Promise.resolve();
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

  shapeText(text: string, bold: boolean): Promise<TextShape> {
    return Promise.resolve(shapeOf(text, bold));
  }

  emojiUrl(): string {
    return pictureAddress("profile");
  }

  onDrag(listener: (phase: DragPhase) => void): Stop {
    return listenToDrags((phase) => {
      listener(phase);
      if (phase === "drop") this.give({ took: "nothing" });
    });
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
    this.#agents.put(id, (agent) => ({ ...agent, ...over }));
  }

  #mint(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count.toString()}`;
  }

  #whole(view: View): Update[] {
    switch (view.view) {
      case "home":
        return [
          this.#toldAccounts(),
          { update: "settings", settings: this.#settings },
          { update: "repositories", repositories: this.#repositories },
          { update: "online", online: this.scene.online },
          ...(this.#active === "practice" && this.scene.active !== "practice"
            ? this.#rows.all().filter(({ key }) => /^(draft|launch)-\d/.test(key))
            : this.#rows.all()
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
        return [{ update: "agent", agent }, ...this.#agents.blocksOf(view.id).map((block): Update => ({ update: "block", block }))];
      }
    }
  }

  #tellAccounts(): void {
    this.#told.tell("home", this.#toldAccounts());
  }

  #toldAccounts(): Update {
    return { update: "accounts", accounts: this.#accounts, active: this.#active, left: this.#left };
  }

  #tellRepositories(over: Partial<Repositories>): void {
    this.#repositories = { ...this.#repositories, ...over };
    this.#told.tell("home", { update: "repositories", repositories: this.#repositories });
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
    this.#told.tell(`draft:${draft.id}`, { update: "draft", draft: changed });
    this.#rows.put({ ...draftRow(changed), key: this.#rows.keyOf(draft.id) });
  }

  #dropDraft(id: string): void {
    this.#drafts.delete(id);
    this.#rows.dropOf(id);
    this.#told.tell(`draft:${id}`, { update: "gone" });
  }

  #send(draft: Draft): string {
    if (draft.text.trim() === "" && draft.shots.length === 0) throw new Refusal({ code: "promptEmpty" });
    const launch = this.#launches.send(draft, this.#settings.holdSeconds * 1_000);
    this.#drafts.delete(draft.id);
    this.#told.tell(`draft:${draft.id}`, { update: "gone" });
    return launch;
  }

  #undo(id: string): string {
    const key = this.#rows.keyOf(id);
    const draft = this.#launches.undo(id);
    this.#drafts.set(draft.id, draft);
    this.#told.tell(`draft:${draft.id}`, { update: "draft", draft });
    this.#rows.put({ ...draftRow(draft), key });
    return draft.id;
  }

  #chooseRepository(id: string, entered: string | null): void {
    const url = entered === null ? null : entered.replace(/^(https?:\/\/)?/, "https://");
    if (url !== null && !this.#repositories.items.some((one) => one.url === url)) {
      this.#tellRepositories({
        items: [
          ...this.#repositories.items,
          { url, nickname: "", color: 7, uses: 0, lastUsed: null, branches: [], origin: "typed", reminded: false },
        ],
      });
    }
    this.#putDraft({ ...this.#draft(id), repository: url, problem: null });
  }

}

/** The backend that the query string asks for. */
export function fromQuery(query: URLSearchParams): MemoryBackend {
  const theme = query.get("theme");
  return new MemoryBackend(
    sceneOf(query.get("scene") ?? "list"),
    theme === "dark" || theme === "light" ? theme : "system",
  );
}
