import { expect, test } from "vitest";
import type { Agent, AgentState, Decision, Failure, Row, Silence, Step, StepDetail } from "../backend/bindings";
import { connectWords, failureShort, failureWords } from "./failure";
import { branchLink } from "./links";
import { names } from "./names";
import native from "./native.json";
import { page } from "./page";
import { agentStatus, nowLine, rowStatus, stuckWords } from "./state";
import { stepLine, stepWords } from "./step";
import { age, ago, dayOf, duration, money, several, size, stopwatch, tokensShort } from "./time";

/** One of each; the compiler refuses the list when a code is missing. */
const failures: { [Code in Failure["code"]]: Extract<Failure, { code: Code }> } = {
  keyMalformed: { code: "keyMalformed" },
  keyRefused: { code: "keyRefused" },
  keyNeeded: { code: "keyNeeded" },
  keyGone: { code: "keyGone" },
  planRequired: { code: "planRequired" },
  privacyMode: { code: "privacyMode" },
  spendingLimit: { code: "spendingLimit" },
  includedUsageGone: { code: "includedUsageGone" },
  roleForbidden: { code: "roleForbidden" },
  featureUnavailable: { code: "featureUnavailable" },
  noAccount: { code: "noAccount" },
  keychainAbsent: { code: "keychainAbsent" },
  keychainLocked: { code: "keychainLocked" },
  keychainDenied: { code: "keychainDenied" },
  keychainSilent: { code: "keychainSilent" },
  keychainTrouble: { code: "keychainTrouble" },
  repositoryMalformed: { code: "repositoryMalformed", text: "hello world" },
  repositoryMissing: { code: "repositoryMissing" },
  repositoryAccess: { code: "repositoryAccess", repository: null, branch: null, helpUrl: null },
  branchMalformed: { code: "branchMalformed", branch: "my branch" },
  modelUnavailable: { code: "modelUnavailable", model: null },
  promptEmpty: { code: "promptEmpty" },
  promptTooLong: { code: "promptTooLong", characters: 1_000_000, limit: 100_000 },
  picturesTooMany: { code: "picturesTooMany", limit: 5 },
  pictureEmpty: { code: "pictureEmpty" },
  pictureTooLarge: { code: "pictureTooLarge", bytes: 90_000_000, limit: 50_000_000 },
  pictureTooManyPixels: { code: "pictureTooManyPixels", width: 30_000, height: 30_000 },
  pictureUnsupported: { code: "pictureUnsupported", kind: "heic" },
  pictureDamaged: { code: "pictureDamaged" },
  marksTooMany: { code: "marksTooMany" },
  marksTooMuchText: { code: "marksTooMuchText", characters: 12_000, limit: 10_000 },
  marksUnreadable: { code: "marksUnreadable" },
  cropEmpty: { code: "cropEmpty" },
  fileUnreadable: { code: "fileUnreadable" },
  clipboardEmpty: { code: "clipboardEmpty" },
  clipboardGone: { code: "clipboardGone" },
  captureUnavailable: { code: "captureUnavailable" },
  captureForbidden: { code: "captureForbidden" },
  captureFailed: { code: "captureFailed" },
  shortcutTaken: { code: "shortcutTaken", shortcut: "CmdOrCtrl+Shift+2" },
  shortcutUnusable: { code: "shortcutUnusable" },
  shortcutUnsupported: { code: "shortcutUnsupported" },
  noticeFailed: { code: "noticeFailed" },
  offline: { code: "offline" },
  connectionUntrusted: { code: "connectionUntrusted" },
  rateLimited: { code: "rateLimited", retryAfter: 40 },
  serviceTrouble: { code: "serviceTrouble", status: 502 },
  answerNotUnderstood: { code: "answerNotUnderstood" },
  refused: { code: "refused", status: 418, message: "<b>no</b>" },
  uncertain: { code: "uncertain" },
  identifierTaken: { code: "identifierTaken" },
  agentGone: { code: "agentGone" },
  agentArchived: { code: "agentArchived" },
  agentBusy: { code: "agentBusy" },
  runFailed: { code: "runFailed", message: null },
  runExpired: { code: "runExpired" },
  tooManyRuns: { code: "tooManyRuns" },
  stopFailed: { code: "stopFailed" },
  stopLate: { code: "stopLate" },
  artifactTooLarge: { code: "artifactTooLarge", limit: 50_000_000 },
  diskFull: { code: "diskFull" },
  dataReadOnly: { code: "dataReadOnly" },
  dataDamaged: { code: "dataDamaged" },
  dataNewer: { code: "dataNewer", found: 9, known: 1 },
  dataInUse: { code: "dataInUse" },
  dataTrouble: { code: "dataTrouble" },
  practiceTrouble: { code: "practiceTrouble" },
  linkRefused: { code: "linkRefused" },
  browserMissing: { code: "browserMissing" },
  saveFailed: { code: "saveFailed" },
  dragFailed: { code: "dragFailed" },
  playerMissing: { code: "playerMissing" },
  notFound: { code: "notFound" },
  tooLate: { code: "tooLate" },
  changedMeanwhile: { code: "changedMeanwhile" },
};

/** Words for people who make machines, not for people who use them. */
const jargon =
  /\b(JSON|HTTPS?|API|SSE|UUID|null|undefined|exception|error code|timeout|token|payload|endpoint|request id|invalid|failed to|unauthorized|forbidden|status|\d{3} error)\b/i;

test.each(Object.values(failures).map((failure) => [failure.code, failure] as const))(
  "%s is a sentence without jargon, and ends in one next step",
  (_, failure) => {
    for (const { text, label, remedy } of [failureWords(failure), connectWords(failure)]) {
      expect(text).toMatch(/^[A-Z“].*[.:]$/);
      expect(text).not.toMatch(jargon);
      expect(label).toMatch(/^[A-Z][^.]{1,30}$/);
      expect(remedy.does).not.toBe("");
    }
    expect(failureShort(failure)).toMatch(/^[a-z][^.]{3,40}$/);
  },
);

test("the service's own words are a quotation, never part of our sentence", () => {
  expect(failureWords(failures.refused)).toEqual({
    text: "Cursor refused this, and says:",
    quote: "<b>no</b>",
    label: "Try again",
    remedy: { does: "again" },
  });
});

test("a keychain that fails leaves memory to a key that is entered, and only a new try to a key that is in it", () => {
  const offered = (["keychainAbsent", "keychainLocked", "keychainDenied", "keychainSilent", "keychainTrouble"] as const).map((code) => [
    failureWords({ code }).remedy.does,
    connectWords({ code }).remedy.does,
  ]);
  expect(offered).toEqual(Array(5).fill(["again", "keepInMemory"]));
});

test("a help page that the service named is where the button leads", () => {
  const failure: Failure = { code: "repositoryAccess", repository: null, branch: null, helpUrl: "https://cursor.com/help" };
  expect(failureWords(failure).remedy).toEqual({ does: "open", url: "https://cursor.com/help" });
});

test("steps have words for now and for then", () => {
  const reads: StepDetail = { does: "reads", count: 6, name: "a.ts" };
  expect(stepLine({ detail: reads, state: "running" })).toBe("Reading 6 files");
  expect(stepWords({ detail: reads, state: "done" })).toEqual({ text: "Read 6 files" });
  expect(stepWords({ detail: { does: "edits", name: "a.css", added: 12, removed: 3 }, state: "done" })).toEqual({
    text: "Edited",
    code: "a.css",
    added: 12,
    removed: 3,
  });
  expect(stepLine({ detail: { does: "tests", command: "npm test" }, state: "done" })).toBe("Running the tests");
  expect(stepWords({ detail: reads, state: "interrupted" })).toEqual({ text: "Reading 6 files", ended: "· cut short" });
  expect(stepWords({ detail: reads, state: "failed" })).toEqual({ text: "Reading 6 files", ended: "· failed" });
  expect(stepWords({ detail: { does: "tests", command: "npm test" }, state: "failed" })).toEqual({ text: "Ran the tests", ended: "· failed" });
});

test("an exported step is told as it is in the conversation", () => {
  const told = (detail: StepDetail): string => stepWords({ detail, state: "done" }).text;
  expect({
    "step.thinks": told({ does: "thinks" }),
    "step.reads_one": told({ does: "reads", count: 1, name: "a" }),
    "step.reads_unnamed": told({ does: "reads", count: 1, name: null }).replace("1", "{count}"),
    "step.reads_many": told({ does: "reads", count: 7, name: "a" }).replace("7", "{count}"),
    "step.searches": told({ does: "searches", count: 1 }),
    "step.edits": told({ does: "edits", name: "a", added: 1, removed: 1 }),
    "step.edits_unnamed": told({ does: "edits", name: null, added: 1, removed: 1 }),
    "step.deletes": told({ does: "deletes", name: "a" }),
    "step.deletes_unnamed": told({ does: "deletes", name: null }),
    "step.tests": told({ does: "tests", command: "a" }),
    "step.runs": told({ does: "runs", command: "a" }),
    "step.browses": told({ does: "browses" }),
    "step.captures": told({ does: "captures" }),
    "step.uses_computer": told({ does: "usesComputer" }),
    "step.plans": told({ does: "plans" }),
    "step.made_plan": told({ does: "madePlan" }),
    "step.asks": told({ does: "asks", question: "a" }),
    "step.delegates": told({ does: "delegates" }),
    "step.waits": told({ does: "waits" }),
    "step.other": told({ does: "other", name: "a", count: 1 }),
  }).toEqual(Object.fromEntries(Object.entries(native).filter(([key]) => key.startsWith("step."))));
});

test("times and amounts read as people say them", () => {
  expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 7_500_000].map(duration)).toEqual(["0 s", "59 s", "1 min", "59 min", "1 h", "2 h 5 min"]);
  expect([2_000, 12_000, 91_000, 3_727_000].map(stopwatch)).toEqual(["0:02", "0:12", "1:31", "1:02:07"]);
  expect([age(0, 59_000), age(0, 240_000), age(0, 90_000_000)]).toEqual(["now", "4 min", "1 d"]);
  expect([ago(0, 500), ago(0, 4_000)]).toEqual(["just now", "4 s ago"]);
  expect([999, 640_000, 1_240_000, 999_600, 14_200_000, 999_499_999, 999_500_000, 2_000_000_000].map(size)).toEqual(
    ["999 B", "640 KB", "1.2 MB", "1.0 MB", "14 MB", "999 MB", "1.0 GB", "2.0 GB"],
  );
  expect([80_800, 0, 4_000, 1_234_560_000].map(money)).toEqual(["$0.08", "$0.00", "less than $0.01", "$1,234.56"]);
  expect([[12, 76_390, 1_240_000].map(tokensShort), dayOf("2026-11-05"), dayOf("never")]).toEqual([["12", "76.4K", "1.2M"], "Nov 5", "never"]);
  expect([several(1, "picture", "pictures"), several(3, "picture", "pictures")]).toEqual(["1 picture", "3 pictures"]);
});

test("a picture from an agent is captioned once as after", () => {
  expect(["sign-in.png", "after.png", "After-sign-in.png", "after 2.png", "afternoon.png", "before.png", "before-after.png"].map(page.follow.after)).toEqual([
    "After · sign-in.png",
    "After",
    "After · sign-in.png",
    "After · 2.png",
    "After · afternoon.png",
    "before.png",
    "before-after.png",
  ]);
});

test("every name is there once for one thing, and none is empty", () => {
  expect(Object.values(names).filter((name) => name.trim() === "")).toEqual([]);
});

test("the words of the shell know no place holders but those that are filled in", () => {
  const used = new Set(Object.values(native).flatMap((words) => words.match(/\{[^}]*\}/g) ?? []));
  expect([...used].sort()).toEqual(["{count}", "{time}", "{title}"]);
});

test("a row says what its decision is about", () => {
  const row = (decision: Decision): string =>
    rowStatus({ state: { is: "launch", launch: { state: "needsDecision", decision } }, silence: null } as Row, 0).text;
  expect([row({ about: "waitedLong", since: 0 }), row({ about: "differentUser" }), row({ about: "cannotTell", candidates: [] })]).toEqual([
    "Still want to send this?",
    "Send it with the new key?",
    "Not sure it arrived",
  ]);
});

test("a branch has a page where its host is known", () => {
  expect(branchLink("https://github.com/acme/web", "cursor/fix #1")).toBe("https://github.com/acme/web/tree/cursor/fix%20%231");
  expect(branchLink("https://gitlab.com/acme/web/", "main")).toBe("https://gitlab.com/acme/web/-/tree/main");
  expect(branchLink("https://git.acme.example/web", "main")).toBe(null);
  expect(branchLink("http://github.com/acme/web", "main")).toBe(null);
  expect(branchLink(null, "main")).toBe(null);
});

test("who is to be deleted is named, and a name stays within its quotes", () => {
  expect([page.follow.deleteTitle(""), page.follow.deleteTitle("Round the corners"), page.follow.deleteTitle("a".repeat(90))]).toEqual([
    "Delete this agent?", "Delete “\u2068Round the corners\u2069”?", `Delete “\u2068${"a".repeat(79)}…\u2069”?`,
  ]);
  expect(page.follow.deleteTitle("🧺".repeat(90)), "no emoji is cut in two").toBe(`Delete “\u2068${"🧺".repeat(79)}…\u2069”?`);
  expect([
    page.many.deleteTitle(1, 0, "Round the corners"), page.many.deleteTitle(1, 0, ""), page.many.deleteTitle(0, 1, ""),
    page.many.deleteTitle(3, 0, "Round the corners"), page.many.deleteTitle(0, 2, ""), page.many.deleteTitle(1, 2, ""),
  ]).toEqual([
    "Delete “\u2068Round the corners\u2069”?", "Delete this agent?", "Delete this draft?",
    "Delete 3 agents?", "Delete 2 drafts?", "Delete 1 agent and 2 drafts?",
  ]);
});

test("a run that is not heard of is said to be so, with how long and what is known", () => {
  const now = 20 * 60_000;
  const agent = (silence: Silence | null, over: Partial<Agent> = {}): Agent =>
    ({ state: { is: "working", since: 0, step: null }, lastSign: now - 4_000, reconnecting: false, polled: false, silence, ...over }) as Agent;
  const row = (silence: Silence | null, reconnecting = false): Row =>
    ({ state: { is: "working", step: null }, silence, reconnecting }) as Row;
  expect(rowStatus(row(null, true), now)).toEqual({ text: "Reconnecting", tone: "plain" });
  const quiet = { since: now - 180_000, beats: false, stuck: false };
  const stuck = { since: now - 720_000, beats: false, stuck: true };
  const still = { since: now - 960_000, beats: true, stuck: false };
  expect([null, quiet, stuck, still].map((silence) => [rowStatus(row(silence), now), agentStatus(agent(silence), now)])).toEqual([
    [{ text: "Working", tone: "live" }, { text: "working for 20 min, last sign of life 4 s ago", tone: "plain" }],
    [{ text: "Quiet for 3 min", tone: "plain" }, { text: "quiet for 3 min: no sign of life, still running on Cursor", tone: "plain" }],
    [
      { text: "May be stuck: no sign of life for 12 min", tone: "amber" },
      { text: "may be stuck: no sign of life for 12 min, still running on Cursor", tone: "amber" },
    ],
    [{ text: "Nothing new for 16 min", tone: "plain" }, { text: "nothing new for 16 min, but connected and running on Cursor", tone: "plain" }],
  ]);
  expect(agentStatus(agent(quiet, { reconnecting: true }), now).text).toBe("quiet for 3 min: no sign of life, still running on Cursor, reconnecting");
  expect(agentStatus(agent(quiet, { state: { is: "stopping" } }), now).text).toBe("stopping");
  expect([stuckWords(stuck, true), stuckWords({ ...still, stuck: true }, false)]).toEqual([
    "The agent has given no sign of life for a long time, though Cursor says it is still running. Have a look at it in Cursor.",
    "The agent is connected, but it has done nothing new for a long time. You can stop it and send your words again.",
  ]);
});

test("what an agent does now is said while it works, and only then", () => {
  const step: Step = { detail: { does: "runs", command: "npm run build" }, state: "running" };
  const states: AgentState[] = [{ is: "working", since: 0, step }, { is: "working", since: 0, step: null }, { is: "done" }];
  expect(states.map((state) => nowLine({ state } as Agent))).toEqual(["Running npm run build", "", ""]);
});
