// What was begun on one page and ends when another is open: it belongs to where it was begun.

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Change, Failure, Taken } from "./backend/bindings";
import type { MemoryBackend } from "./backend/memory";
import { sceneOf } from "./backend/memory/scenes";
import { patient, shown } from "./shown";
import type { ItemView } from "./state/item.svelte";
import type { Session } from "./state/session.svelte";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

const nothing: Taken = { took: "nothing" };

/** Pastes that end when they are told to, in their order. */
function slowPastes(backend: MemoryBackend): { end: (taken?: Taken) => void; fail: (failure: Failure) => void }[] {
  const pastes: { end: (taken?: Taken) => void; fail: (failure: Failure) => void }[] = [];
  backend.paste = () =>
    new Promise((resolve, reject) => {
      pastes.push({ end: (taken = nothing) => { resolve(taken); }, fail: (failure) => { reject(new Refusal(failure)); } });
    });
  return pastes;
}

/** Opens another item, and waits until its page is there. */
async function goTo(session: Session, view: ItemView): Promise<void> {
  session.open(view);
  await vi.waitFor(() => { expect(session.item?.view).toEqual(view); }, patient);
  await vi.waitFor(() => { expect(document.title).not.toBe(""); }, patient);
}

const sends = (backend: MemoryBackend): Change[] => backend.asked.filter(({ change }) => change.endsWith("_send"));

/** Everything that is under way has gone as far as it can. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Pastes and sends in the field with that name. */
async function pasteAndSend(field: string): Promise<void> {
  const area = await screen.findByLabelText(field, {}, patient);
  await fireEvent.keyDown(area, { key: "v", ctrlKey: true });
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
}

const other: ItemView = { view: "draft", id: "draft-tooltip" };
const agent: ItemView = { view: "agent", id: "bc-chart" };

test.each([other, agent])("a draft that waits for a paste is sent itself when %o is open by then", async (view) => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  await pasteAndSend(names.words);
  await goTo(session, view);
  pastes[0]?.end();
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
  await settled();
  expect([session.wanted, session.trouble], "whoever went elsewhere stays there").toEqual([view, null]);
});

test("a draft that waits for a paste is sent itself when a new one is open by then", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  await pasteAndSend(names.words);
  await fireEvent.keyDown(document.body, { key: "n", ctrlKey: true });
  await vi.waitFor(() => { expect(session.item?.draft?.text).toBe(""); }, patient);
  pastes[0]?.end();
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
});

test("a picture alone is sent, though the feed has not brought it to the page", async () => {
  const { backend, session } = await shown("compose-empty");
  await backend.change({ change: "draft_repository", draft: "draft-open", repository: "https://github.com/acme/web" });
  const paste = backend.paste.bind(backend);
  const pastes = slowPastes(backend);
  await pasteAndSend(names.words);
  await goTo(session, other);
  pastes[0]?.end(await paste({ into: "draft", id: "draft-open" }, true));
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
});

test("an answer that waits is sent itself, and what is half-written to another agent stays", async () => {
  const scene = sceneOf("follow-done");
  for (const each of scene.agents) if (each.id === "bc-chart") each.answer = { text: "Half a thought", shots: [] };
  const { backend, session } = await shown(scene);
  const pastes = slowPastes(backend);
  await fireEvent.input(await screen.findByLabelText(names.answer, {}, patient), { target: { value: "Like this" } });
  const begun = session.item;
  await pasteAndSend(names.answer);
  await goTo(session, agent);
  pastes[0]?.end();
  await vi.waitFor(() => { expect(sends(backend)).toHaveLength(1); }, patient);
  await settled();
  expect([sends(backend), begun?.words.text, session.item?.words.text]).toEqual([
    [{ change: "follow_up_send", agent: "bc-sign-in", source: { from: "answer" }, planFirst: false }],
    "",
    "Half a thought",
  ]);
});

test("a draft that could not be sent is said where the user is, and its button leads to it", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  const failure: Failure = { code: "repositoryMissing" };
  const change = backend.change.bind(backend);
  backend.change = (asked) => (asked.change === "draft_send" ? Promise.reject(new Refusal(failure)) : change(asked));
  await pasteAndSend(names.words);
  await goTo(session, agent);
  pastes[0]?.end();
  const words = failureWords(failure);
  await screen.findByText(words.text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: words.label }));
  await vi.waitFor(() => { expect(session.item?.draft?.id, "another repository is chosen in the draft").toBe("draft-open"); }, patient);
  await screen.findByText(words.text, {}, patient);
  expect(session.trouble, "said once, beside the draft").toBeNull();
});

test("the button of a draft that could not be sent sends that one again", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  vi.spyOn(backend, "change").mockImplementationOnce(() => Promise.reject(new Refusal({ code: "dataTrouble" })));
  await pasteAndSend(names.words);
  await goTo(session, other);
  pastes[0]?.end();
  const words = failureWords({ code: "dataTrouble" });
  await screen.findByText(words.text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: words.label }));
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
});

test("a picture that was refused holds its own draft back, which is said, and says nothing in another", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  const failure: Failure = { code: "pictureDamaged" };
  await pasteAndSend(names.words);
  await goTo(session, other);
  pastes[0]?.fail(failure);
  await vi.waitFor(() => { expect(session.trouble).toEqual(failure); }, patient);
  expect([sends(backend), session.taking.refused({ into: "draft", id: "draft-tooltip" })]).toEqual([[], []]);
  await goTo(session, { view: "draft", id: "draft-open" });
  expect(await screen.findAllByText(failureWords(failure).text, {}, patient), "it stands in the draft it is of").toHaveLength(1);
});

test("the button of a picture that could not be kept leads to its draft, and does not send it without", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  await pasteAndSend(names.words);
  await goTo(session, other);
  pastes[0]?.fail({ code: "diskFull" });
  await screen.findByText(failureWords({ code: "diskFull" }).text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: failureWords({ code: "diskFull" }).label }));
  await vi.waitFor(() => { expect(session.item?.draft?.id).toBe("draft-open"); }, patient);
  await settled();
  expect(sends(backend)).toEqual([]);
});

test("a refusal to send an answer is over once it is not to plan, for its button would", async () => {
  const { backend, session } = await shown("plan");
  await fireEvent.input(await screen.findByLabelText(names.answer, {}, patient), { target: { value: "Like this" } });
  await session.item?.words.flush();
  vi.spyOn(backend, "change").mockImplementationOnce(() => Promise.reject(new Refusal({ code: "dataTrouble" })));
  await fireEvent.click(screen.getByRole("button", { name: names.send }));
  await screen.findByText(failureWords({ code: "dataTrouble" }).text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: page.follow.planAgain }));
  expect(screen.queryByText(failureWords({ code: "dataTrouble" }).text)).toBeNull();
  await fireEvent.click(screen.getByRole("button", { name: names.send }));
  await vi.waitFor(() => { expect(sends(backend)).toHaveLength(1); }, patient);
  expect(sends(backend)).toEqual([{ change: "follow_up_send", agent: "bc-plan", source: { from: "answer" }, planFirst: false }]);
});

test("nothing waits for what is pasted elsewhere", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "v", ctrlKey: true });
  await goTo(session, other);
  await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-tooltip" }]); }, patient);
  pastes[0]?.end();
});

test("words that are pasted come to where they were pasted", async () => {
  const { backend, session } = await shown("compose");
  const pastes = slowPastes(backend);
  const begun = session.item;
  const before = begun?.words.text ?? "";
  await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "v", ctrlKey: true });
  await goTo(session, other);
  const there = session.item?.words.text;
  pastes[0]?.end({ took: "text", text: " And more." });
  await vi.waitFor(() => { expect(begun?.words.text).toBe(`${before} And more.`); }, patient);
  expect(session.item?.words.text, "not into whatever is open").toBe(there);
});

test("the words of a button go again as themselves, and not what is being written", async () => {
  const { backend } = await shown("plan");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.answer, {}, patient);
  await fireEvent.input(area, { target: { value: "Half a thought" } });
  await fireEvent.blur(area);
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  vi.spyOn(backend, "change").mockImplementationOnce(() => Promise.reject(new Refusal({ code: "dataTrouble" })));
  await fireEvent.click(screen.getByRole("button", { name: names.goAhead }));
  await fireEvent.click(await screen.findByRole("button", { name: failureWords({ code: "dataTrouble" }).label }, patient));
  await vi.waitFor(() => { expect(sends(backend)).toHaveLength(1); }, patient);
  expect([sends(backend).map((sent) => "source" in sent && sent.source.from), area.value]).toEqual([["words"], "Half a thought"]);
});

test("two drops are waited for until both are answered", async () => {
  const { backend, session } = await shown("compose");
  const give = backend.give.bind(backend);
  backend.give = () => undefined;
  await fireEvent.drop(window);
  await fireEvent.drop(window);
  await fireEvent.keyDown(await screen.findByLabelText(names.words), { key: "Enter", ctrlKey: true });
  give({ took: "pictures", count: 1, refused: [] });
  await settled();
  expect([session.taking.busy({ into: "draft", id: "draft-open" }), sends(backend)], "one is still being read").toEqual([true, []]);
  give({ took: "pictures", count: 1, refused: [] });
  await vi.waitFor(() => { expect(sends(backend)).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
});

test("whoever went elsewhere while a launch was taken back stays there", async () => {
  const { backend, session } = await shown("holding");
  let undone: () => void = () => undefined;
  backend.change = (asked) =>
    new Promise((resolve) => {
      undone = () => { resolve(asked.change === "launch_undo" ? "draft-open" : null); };
    });
  await fireEvent.click(await screen.findByRole("button", { name: names.undo }, patient));
  await goTo(session, agent);
  undone();
  await settled();
  expect(session.wanted).toEqual(agent);
});

test("a choice that is refused after its draft was left is said, and its button leads to the draft", async () => {
  const { backend, session } = await shown("compose");
  const failure: Failure = { code: "branchMalformed", branch: "fix it" };
  let refuse: () => void = () => undefined;
  backend.change = () => new Promise((_, reject) => { refuse = () => { reject(new Refusal(failure)); }; });
  await fireEvent.click(await screen.findByRole("button", { name: new RegExp(`^${names.branch}:`) }));
  const field = await screen.findByRole("combobox", { name: names.findBranch });
  await fireEvent.input(field, { target: { value: "fix it" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await goTo(session, agent);
  refuse();
  await screen.findByText(failureWords(failure).text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: failureWords(failure).label }));
  await vi.waitFor(() => { expect(session.item?.draft?.id).toBe("draft-open"); }, patient);
});

test("bringing back an agent that was left brings back that one", async () => {
  const { backend, session } = await shown("follow-queue");
  const change = backend.change.bind(backend);
  let refuse: () => void = () => undefined;
  backend.change = () => new Promise((_, reject) => { refuse = () => { reject(new Refusal({ code: "agentArchived" })); }; });
  await fireEvent.click(await screen.findByRole("button", { name: names.sendAgain }, patient));
  await goTo(session, agent);
  refuse();
  const button = await screen.findByRole("button", { name: failureWords({ code: "agentArchived" }).label }, patient);
  backend.change = change;
  await fireEvent.click(button);
  expect(backend.asked).toEqual([{ change: "agent_archive", agent: "bc-sign-in", archived: false }]);
});

test("a key that is refused after its dialog was closed is said, and the dialog that is open stays", async () => {
  const { backend, session } = await shown("list");
  let refuse: () => void = () => undefined;
  backend.connect = () => new Promise((_, reject) => { refuse = () => { reject(new Refusal({ code: "offline" })); }; });
  session.dialog = { shows: "connect" };
  await fireEvent.input(await screen.findByLabelText(names.key, {}, patient), { target: { value: "crsr_9f3a" } });
  await fireEvent.click(screen.getByRole("button", { name: names.connect }));
  session.dialog = null;
  await vi.waitFor(() => { expect(screen.queryByLabelText(names.key)).toBeNull(); }, patient);
  refuse();
  await screen.findByText(failureWords({ code: "offline" }).text, {}, patient);
  await fireEvent.click(screen.getByRole("button", { name: failureWords({ code: "offline" }).label }));
  expect(session.dialog).toEqual({ shows: "connect" });
});

test("a key that is taken after its dialog was closed closes no other", async () => {
  const { backend, session } = await shown("list");
  let connected: () => void = () => undefined;
  backend.connect = () => new Promise((resolve) => { connected = () => { resolve("studio"); }; });
  session.dialog = { shows: "connect" };
  await fireEvent.input(await screen.findByLabelText(names.key, {}, patient), { target: { value: "crsr_9f3a" } });
  await fireEvent.click(screen.getByRole("button", { name: names.connect }));
  session.dialog = { shows: "settings" };
  await screen.findByRole("dialog", { name: names.settings }, patient);
  connected();
  await settled();
  expect(session.dialog).toEqual({ shows: "settings" });
});

test.each([true, false])("an agent of which nothing is here yet says so where there is no connection: %o", async (away) => {
  const done = sceneOf("follow-done");
  await shown({ ...done, blocks: new Map(), online: !away });
  await screen.findByRole("textbox", { name: names.answer }, patient);
  expect(screen.queryAllByText(page.follow.notHere)).toHaveLength(away ? 1 : 0);
});
