import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refusal } from "../backend/backend";
import { MemoryBackend } from "../backend/memory";
import { sceneOf } from "../backend/memory/scenes";
import { keep } from "./keeping";
import { Session } from "./session.svelte";
import { isEmptyDraft } from "./world.svelte";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** A session on a scene, or on a backend that goes on, after its first answers. */
async function begun(scene: string, backend = new MemoryBackend(sceneOf(scene))): Promise<{ session: Session; backend: MemoryBackend }> {
  const session = new Session(
    backend,
    {
      visible: () => true,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      pixelRatio: () => 1,
    },
  );
  session.start();
  await vi.advanceTimersByTimeAsync(50);
  return { session, backend };
}

const places = (session: Session): string => `${session.item?.view.view ?? "nothing"}`;

test("the first page is the draft that was left", async () => {
  const { session } = await begun("list");
  expect(session.item?.draft?.id).toBe("draft-tooltip");
});

test("an account begins where it was left, whatever that was", async () => {
  const first = await begun("list");
  first.session.open({ view: "agent", id: "bc-basket" });
  await vi.advanceTimersByTimeAsync(50);
  const { session } = await begun("list", first.backend);
  expect(session.item?.agent?.id).toBe("bc-basket");
});

test("without a draft an empty one is made, and New opens the same again", async () => {
  const { session, backend } = await begun("empty");
  const first = session.item?.draft?.id;
  expect(first).toBeDefined();
  await session.create();
  expect(session.item?.draft?.id).toBe(first);
  expect(backend.asked).toEqual([{ change: "draft_create" }]);
  expect(session.world.rows.filter(({ row }) => isEmptyDraft(row))).toHaveLength(1);
});

test("a launch that is sent becomes its agent, and its row keeps its key", async () => {
  const { session, backend } = await begun("compose");
  const key = session.world.rows.find(({ row }) => session.isOpen(row.target))?.key;
  const launch = await backend.change({ change: "draft_send", draft: "draft-open" });
  session.open({ view: "launch", id: launch ?? "" });
  await vi.advanceTimersByTimeAsync(100);
  expect(places(session)).toBe("launch");
  const seen = new Set<string>();
  for (let step = 0; step < 80; step += 1) {
    await vi.advanceTimersByTimeAsync(100);
    seen.add(places(session));
  }
  // Never a blank page on the way.
  expect([...seen]).toEqual(["launch", "agent"]);
  expect(session.world.rows.find(({ row }) => session.isOpen(row.target))?.key).toBe(key);
});

test("undo gives the draft back with everything in it", async () => {
  const { session, backend } = await begun("compose");
  const before = session.item?.draft;
  const launch = await backend.change({ change: "draft_send", draft: "draft-open" });
  const draft = await backend.change({ change: "launch_undo", launch: launch ?? "" });
  session.open({ view: "draft", id: draft ?? "" });
  await vi.advanceTimersByTimeAsync(100);
  const after = session.item?.draft;
  expect([after?.id, after?.text, after?.shots, after?.repository]).toEqual([
    before?.id,
    before?.text,
    before?.shots,
    before?.repository,
  ]);
  expect(session.item?.gone).toBe(false);
});

test("a launch that is refused opens its draft, which says why", async () => {
  const { session } = await begun("rejected");
  await vi.advanceTimersByTimeAsync(400);
  expect([session.item?.draft?.id, session.item?.draft?.problem]).toEqual(["draft-open", { code: "spendingLimit" }]);
});

test("another account begins its own page and forgets the search", async () => {
  const { session } = await begun("list");
  session.query = "chart";
  await session.act({ change: "account_activate", account: "practice" });
  await vi.advanceTimersByTimeAsync(50);
  expect(session.world.account?.kind).toBe("practice");
  expect(session.query).toBe("");
});

test("a refused change is shown, and its button repeats it", async () => {
  const { session, backend } = await begun("compose");
  await session.act({ change: "draft_branch", draft: "draft-open", branch: "with spaces" });
  expect(session.trouble).toEqual({ code: "branchMalformed", branch: "with spaces" });
  session.repeat?.();
  expect(backend.asked.filter(({ change }) => change === "draft_branch")).toHaveLength(2);
});

test("a notice that was clicked opens its agent", async () => {
  const { session, backend } = await begun("list");
  backend.want({ open: "agent", id: "bc-basket" });
  await vi.advanceTimersByTimeAsync(50);
  expect(session.item?.agent?.id).toBe("bc-basket");
});

test("there is something to show when the data cannot be opened, and then the page itself", async () => {
  const { session, backend } = await begun("start-in-use");
  await session.came;
  expect([session.blocked, session.world.loaded]).toEqual([{ code: "dataInUse" }, false]);
  await session.openData(false);
  await vi.advanceTimersByTimeAsync(50);
  expect([session.blocked, session.world.loaded, backend.asked.length]).toEqual([null, true, 0]);
});

test("words are used again up to a refusal, which is said, and whose button goes on from there", async () => {
  const { session, backend } = await begun("list");
  const change = backend.change.bind(backend);
  let full = true;
  backend.change = (asked) =>
    full && asked.change === "draft_text" ? Promise.reject(new Refusal({ code: "diskFull" })) : change(asked);
  const open = session.item?.draft?.id;
  await session.createFrom("Once more", "https://github.com/maria/docs", "main");
  await vi.advanceTimersByTimeAsync(50);
  expect([session.trouble, backend.asked.map((asked) => asked.change), session.item?.draft?.id]).toEqual([{ code: "diskFull" }, ["draft_create"], open]);
  full = false;
  session.repeat?.();
  await vi.advanceTimersByTimeAsync(50);
  const { draft } = session.item ?? {};
  expect([session.trouble, draft?.text, draft?.repository, draft?.branch]).toEqual([null, "Once more", "https://github.com/maria/docs", "main"]);
});

test("words of a waiting answer that are being changed are kept as they are typed, and gone on with after a start", async () => {
  const { session, backend } = await begun("follow-queue");
  const { item } = session;
  const was = "Also check the sign-up page, it uses the same form.";
  const edited = { id: "f1", text: "Also check the sign-up page. And the footer.", was };
  if (item !== null) item.edited = edited;
  session.open({ view: "agent", id: "bc-chart" });
  await vi.advanceTimersByTimeAsync(50);
  session.open({ view: "agent", id: "bc-sign-in" });
  await vi.advanceTimersByTimeAsync(50);
  const kept = { change: "answer_edited", agent: "bc-sign-in", edited: { followUp: "f1", text: edited.text } };
  expect([session.item?.edited, backend.asked], "going elsewhere and back changes nothing").toEqual([edited, [kept]]);

  // As after a kill: nothing was said of leaving.
  const next = await begun("follow-queue", backend);
  expect(next.session.item?.edited).toEqual(edited);
  if (next.session.item !== null) next.session.item.edited = null;
  await vi.advanceTimersByTimeAsync(200);
  expect(backend.asked.at(-1)).toEqual({ change: "answer_edited", agent: "bc-sign-in", edited: null });
});

test("words of a waiting answer that went meanwhile become the next answer's after a start", async () => {
  const { session, backend } = await begun("follow-queue");
  backend.put("bc-sign-in", { queue: [], edited: { followUp: "f1", text: "And the footer." } });
  await session.leave();
  const { session: next } = await begun("follow-queue", backend);
  next.item?.moveEdited();
  await vi.advanceTimersByTimeAsync(200);
  expect([next.item?.edited, next.item?.words.text, backend.asked]).toEqual([
    null,
    "And the footer.",
    expect.arrayContaining([
      { change: "answer_text", agent: "bc-sign-in", text: "And the footer." },
      { change: "answer_edited", agent: "bc-sign-in", edited: null },
    ]),
  ]);
});

test("words of a waiting answer that nobody changed are sent once, though it is gone from the queue", async () => {
  const { session, backend } = await begun("follow-queue");
  const { item } = session;
  const was = "Also check the sign-up page, it uses the same form.";
  if (item !== null) item.edited = { id: "f1", text: was, was };
  backend.put("bc-sign-in", { queue: [] });
  await vi.advanceTimersByTimeAsync(50);
  item?.moveEdited();
  await session.leave();
  expect([item?.edited, item?.words.text, backend.asked], "they went already").toEqual([null, "", []]);
});

test("words of a waiting answer that are on their way to be kept are kept once, though the page goes", async () => {
  const { session, backend } = await begun("follow-queue");
  const { item } = session;
  const followUp = item?.agent?.queue[0];
  if (item === null || followUp === undefined) throw new Error("the scene has a queue");
  const text = "Also the footer";
  item.edited = { id: followUp.id, text, was: followUp.text };
  const kept = keep(session, item, followUp, text);
  await session.leave();
  expect(await kept).toBe(true);
  const agent = "bc-sign-in";
  expect(backend.asked, "they are kept as what is being changed until they are there").toEqual([
    { change: "follow_up_edit", agent, followUp: "f1", text },
    { change: "answer_edited", agent, edited: { followUp: "f1", text } },
    { change: "answer_edited", agent, edited: null },
  ]);
});

test("words that could not be kept are those of their own agent, whichever is open by then", async () => {
  const { session, backend } = await begun("follow-queue");
  const { item } = session;
  const followUp = item?.agent?.queue[0];
  if (item === null || followUp === undefined) throw new Error("the scene has a queue");
  const edited = { id: followUp.id, text: "Also the footer", was: followUp.text };
  item.edited = edited;
  const change = backend.change.bind(backend);
  backend.change = () => Promise.reject(new Refusal({ code: "dataTrouble" }));
  const kept = keep(session, item, followUp, edited.text);
  session.open({ view: "agent", id: "bc-chart" });
  await vi.advanceTimersByTimeAsync(50);
  expect([await kept, item.edited, item.keeping, session.item?.edited, session.trouble]).toEqual([
    false, edited, null, null, { code: "dataTrouble" },
  ]);
  backend.change = change;
  session.repeat?.();
  await vi.advanceTimersByTimeAsync(50);
  expect([backend.asked, item.edited], "the button keeps them where they belong").toEqual([
    [{ change: "follow_up_edit", agent: "bc-sign-in", followUp: "f1", text: "Also the footer" }],
    null,
  ]);
});

test("a picture of the screen opens its draft, and is there for the desk with the windows on it", async () => {
  const { session, backend } = await begun("compose");
  const before = session.item?.draft?.id;
  await session.capture(null);
  await vi.advanceTimersByTimeAsync(100);
  const draft = session.item?.draft;
  expect(draft?.id).not.toBe(before);
  expect(draft?.shots).toHaveLength(1);
  expect(session.captured).toEqual({
    open: "capture",
    draft: draft?.id,
    shot: draft?.shots[0]?.id ?? "",
    windows: [{ x: 390, y: 90, width: 500, height: 620 }],
  });
  // Asked for in a draft, it goes there.
  await session.capture(draft?.id ?? null);
  await vi.advanceTimersByTimeAsync(100);
  expect([session.item?.draft?.id, session.item?.draft?.shots.length]).toEqual([draft?.id, 2]);
  expect(backend.asked.filter(({ change }) => change === "draft_create")).toHaveLength(1);
});

test("a capture that was refused is said where the user is, and is tried again for the same draft", async () => {
  const { session, backend } = await begun("compose");
  const open = session.item?.draft?.id ?? "";
  backend.want({ open: "trouble", failure: { code: "captureForbidden" }, draft: "draft-other" });
  expect([session.item?.draft?.id, session.trouble]).toEqual([open, { code: "captureForbidden" }]);
  const asked = vi.spyOn(backend, "capture").mockResolvedValue();
  session.repeat?.();
  expect(asked.mock.calls).toEqual([["draft-other"]]);
});

test.each(["list", "empty"])("what the first window has to say is said beside what is opened (%s)", async (scene) => {
  const failure = { code: "shortcutTaken", shortcut: "CmdOrCtrl+Shift+2" } as const;
  const opening = vi.spyOn(MemoryBackend.prototype, "opening").mockResolvedValue({ open: "trouble", failure, draft: null });
  const { session } = await begun(scene);
  opening.mockRestore();
  await vi.advanceTimersByTimeAsync(100);
  expect([places(session), session.trouble]).toEqual(["draft", failure]);
});

test("two settings changed at once are both kept", async () => {
  const { session, backend } = await begun("list");
  const change = backend.change.bind(backend);
  const held: (() => void)[] = [];
  backend.change = async (asked) => {
    await new Promise<void>((resolve) => { held.push(resolve); });
    return change(asked);
  };
  const both = [session.adjust((now) => ({ ...now, holdSeconds: 0 })), session.adjust((now) => ({ ...now, planFirst: true }))];
  for (const go of held) go();
  await Promise.all(both);
  await vi.advanceTimersByTimeAsync(50);
  const { holdSeconds, planFirst } = session.world.settings;
  expect([holdSeconds, planFirst]).toEqual([0, true]);
});

test("of two settings changed at once the one that is refused is told, and the next change works", async () => {
  const { session, backend } = await begun("list");
  const change = backend.change.bind(backend);
  const held: (() => void)[] = [];
  backend.change = async (asked) => {
    const first = held.length === 0;
    await new Promise<void>((resolve) => { held.push(resolve); });
    if (first) throw new Refusal({ code: "diskFull" });
    return change(asked);
  };
  const both = [session.adjust((now) => ({ ...now, holdSeconds: 0 })), session.adjust((now) => ({ ...now, planFirst: true }))];
  for (const go of held) go();
  expect(await Promise.allSettled(both)).toEqual([{ status: "fulfilled", value: undefined }, { status: "fulfilled", value: undefined }]);
  backend.change = change;
  await session.adjust((now) => ({ ...now, holdSeconds: 10 }));
  await vi.advanceTimersByTimeAsync(50);
  expect([session.world.settings.holdSeconds, session.world.settings.planFirst]).toEqual([10, true]);
});
