// The one door between the page and the core. `tauri.ts` opens it in the app, `memory.ts` in a browser and in tests.

import type {
  AccountId,
  AgentId,
  BlockId,
  CallDetail,
  Change,
  Changes,
  CodeRun,
  DraftId,
  Earlier,
  ExportFormat,
  Failure,
  FileText,
  Found,
  KeyShape,
  Model,
  Outlook,
  OutsidePicture,
  Rect,
  RowTarget,
  RunId,
  ShotId,
  ShotTarget,
  Spending,
  SpendingRange,
  StepCall,
  Taken,
  TextShape,
  View,
} from "./bindings";

/** Ends a subscription. */
export type Stop = () => void;

/** A picture of the screen that was taken into a draft. */
export interface Captured {
  draft: DraftId;
  shot: ShotId;
  /** The windows on it, the topmost first, in pixels of the picture; empty where the system does not tell. */
  windows: readonly Rect[];
}

/** What the shell asks the page to open, after a notice or a tray item was clicked, or the screen was asked for. */
export type Wanted =
  | RowTarget
  | { open: "new" }
  | ({ open: "capture" } & Captured)
  /** What is open already, and why nothing else came: of a draft where it was asked for in one. */
  | { open: "trouble"; failure: Failure; draft: DraftId | null };

/** Where a drag of files from outside is. */
export type DragPhase = "enter" | "leave" | "drop";

/** Everything the page can ask. Every promise rejects with {@link Refusal} and nothing else. */
export interface Backend {
  /** What changed in a view since a revision; answers within about 25 s, maybe with nothing. 0 asks for the whole. */
  changes(since: number, view: View): Promise<Changes>;
  /** Asks for a change; its result arrives by `changes`. Answers with an identifier where there is one. */
  change(change: Change): Promise<string | null>;
  /** Connects an account, or replaces the key of one. With `memory` the key is kept until the app quits. */
  connect(key: string, account: AccountId | null, memory: boolean): Promise<AccountId>;
  /** Pastes what the clipboard holds; `picture` prefers a picture over words. */
  paste(target: ShotTarget, picture: boolean): Promise<Taken>;
  /** Lets the user pick picture files. */
  pick(target: ShotTarget): Promise<Taken>;
  /** Takes the screen, into a draft or a new one; it comes by {@link Backend.onOpen}, as what was refused does. */
  capture(draft: DraftId | null): Promise<void>;
  /** Changes the keys that do the same from outside of the window; null turns them off. */
  changeShortcut(shortcut: string | null): Promise<void>;
  /** Why the keys of the settings cannot be had; null where they can. */
  shortcutTrouble(): Promise<Failure | null>;
  /** Why the last notification was not shown; null where it was. */
  noticeTrouble(): Promise<Failure | null>;
  /** Models of the active account. */
  models(): Promise<Model[]>;
  /** What the active account used in the days up to today. */
  spending(range: SpendingRange): Promise<Spending>;
  /** What may be said of a draft or an answer before it is sent: what it usually costs, and the limits that were reached. */
  outlook(target: ShotTarget): Promise<Outlook>;
  /** Where words look as if a key stood in them, in order. */
  keyShapes(text: string): Promise<KeyShape[]>;
  /** Finds words in conversations of the active account; a newer search overtakes an older one. */
  search(words: string): Promise<Found>;
  /** The calls that a step folds, from its first one on; at most 500. */
  stepCalls(agent: AgentId, run: RunId, first: string, count: number): Promise<StepCall[]>;
  /** One call in detail; null where it is not on this computer, or not yet. */
  stepDetail(agent: AgentId, run: RunId, call: string): Promise<CallDetail | null>;
  /** Which parts of code are of which kind, in order; empty where nothing is to be colored. */
  codeColors(language: string, code: string): Promise<CodeRun[]>;
  /** Fetches a picture from elsewhere, because the user asked for it; only from a listed host. */
  outsidePicture(agent: AgentId, url: string): Promise<OutsidePicture>;
  /** Lets the user save a conversation, or one run of it, as a file of its own; false when they closed the picker. */
  exportConversation(agent: AgentId, run: RunId | null, format: ExportFormat): Promise<boolean>;
  /** Lets the user save a file an agent left; false when they closed the picker. */
  saveArtifact(agent: AgentId, run: RunId | null, path: string): Promise<boolean>;
  /** Lets the pointer carry a file an agent left out of the window; `event` began it. Resolves once the file is here. */
  dragArtifact(event: DragEvent, agent: AgentId, run: RunId | null, path: string): Promise<void>;
  /** The part of a transcript before an order, or all parts back to a block. */
  earlier(agent: AgentId, before: number, to: BlockId | null): Promise<Earlier>;
  /** The beginning of a file an agent left, at most 256 KiB; null where it is not text. */
  artifactText(agent: AgentId, run: RunId | null, path: string): Promise<FileText | null>;
  /** The bytes of a film an agent left, at most 50 MB; null where it is no film. */
  artifactVideo(agent: AgentId, run: RunId | null, path: string): Promise<ArrayBuffer | null>;
  /** Shows a film an agent left in the system's player. */
  playArtifact(agent: AgentId, run: RunId | null, path: string): Promise<void>;
  /** Opens an address in the browser, if it is on the allow-list. */
  openLink(url: string): Promise<void>;
  /** What is to be opened first; null is where the page was left. Later wishes come by {@link Backend.onOpen}. */
  opening(): Promise<Wanted | null>;
  /** Says that the first frame is painted. */
  ready(): Promise<void>;
  /** Tries again to open the data; with `aside` a damaged database is put aside, and a new one begun. */
  openData(aside: boolean): Promise<void>;
  /** Closes the window; what works goes on without it. */
  closeWindow(): Promise<void>;
  /** Quits the app. */
  quit(): Promise<void>;
  /** Address of a stored picture, `width` device pixels wide or in its original size. */
  pictureUrl(hash: string, width?: number): string;
  /** Words as outlines at a font size of 1, as they are drawn into pictures. */
  shapeText(text: string, bold: boolean): Promise<TextShape>;
  /** Address of the picture of an emoji in shaped words. */
  emojiUrl(name: string): string;
  /** Calls back while files are dragged over the window. */
  onDrag(listener: (phase: DragPhase) => void): Stop;
  /** Calls back with what a drop brought. */
  onTaken(listener: (taken: Taken) => void): Stop;
  /** Calls back when the shell wants something opened. */
  onOpen(listener: (wanted: Wanted) => void): Stop;
  /** Calls back when closing the window needs an answer first. */
  onCloseAsked(listener: () => void): Stop;
}

/** An outcome that is known and has words. */
export class Refusal extends Error {
  constructor(readonly failure: Failure) {
    super(failure.code);
    this.name = "Refusal";
  }
}

/** The failure of anything that was thrown; what nobody foresaw is an answer that was not understood. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) return thrown.failure;
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
    return thrown as Failure;
  }
  return { code: "answerNotUnderstood" };
}
