// Answers that wait, and what an agent left, in the whole page.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import { testResults } from "./backend/memory/made";
import { sceneOf } from "./backend/memory/scenes";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

/** The waiting answers, by their first words. */
const waiting = async (words: RegExp): Promise<HTMLElement> => {
  const list = await screen.findByRole("list", { name: names.waitingAnswers }, patient);
  const found = within(list).getByText(words).closest("li");
  if (found === null) throw new Error("no such answer");
  return found;
};

const buttons = (within: HTMLElement): string[] =>
  [...within.querySelectorAll("button")].map((button) => button.getAttribute("aria-label") ?? button.textContent.trim());

test("a refused answer says why with its own step, and can be changed and sent again", async () => {
  const { backend, session } = await shown("follow-refused");
  const refused = await waiting(/password reset/);
  const said = failureWords({ code: "spendingLimit" });
  expect([within(refused).queryByText(said.text) !== null, buttons(refused)]).toEqual([
    true,
    [said.label, names.edit, names.removeAccount, names.sendAgain],
  ]);
  await fireEvent.click(within(refused).getByRole("button", { name: names.edit }));
  expect(buttons(refused)).toEqual([said.label, names.cancel, names.sendAgain]);
  const field = within(refused).getByLabelText<HTMLTextAreaElement>(names.edit);
  await vi.waitFor(() => { expect(document.activeElement).toBe(field); }, patient);
  await fireEvent.input(field, { target: { value: "Only the password reset." } });
  await fireEvent.click(within(refused).getByRole("button", { name: names.sendAgain }));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([{ change: "follow_up_again", agent: "bc-sign-in", followUp: "f1", text: "Only the password reset." }]);
  await vi.waitFor(() => { expect(screen.queryByText("And the password reset.")).toBeNull(); }, patient);
  expect([session.item?.edited, session.item?.words.text], "sent, so it is nobody's next answer").toEqual([null, ""]);
});

test("an answer that could not be sent again goes once by the button of the refusal", async () => {
  const { backend, session } = await shown("follow-refused");
  const refused = await waiting(/password reset/);
  await fireEvent.click(within(refused).getByRole("button", { name: names.edit }));
  await fireEvent.input(within(refused).getByLabelText(names.edit), { target: { value: "Only the password reset." } });
  const change = backend.change.bind(backend);
  backend.change = () => Promise.reject(new Refusal({ code: "diskFull" }));
  await fireEvent.click(within(refused).getByRole("button", { name: names.sendAgain }));
  await screen.findByText(failureWords({ code: "diskFull" }).text);
  backend.change = change;
  await fireEvent.click(screen.getByRole("button", { name: failureWords({ code: "diskFull" }).label }));
  await vi.waitFor(() => { expect(session.item?.edited).toBeNull(); }, patient);
  expect([backend.asked, session.item?.words.text, session.trouble]).toEqual([
    [{ change: "follow_up_again", agent: "bc-sign-in", followUp: "f1", text: "Only the password reset." }],
    "",
    null,
  ]);
});

test("changing another answer loses nothing of the one that was being changed", async () => {
  const scene = sceneOf("follow-queue");
  for (const { queue } of scene.agents) for (const held of queue) held.state = { state: "queued" };
  const { session } = await shown(scene);
  await fireEvent.click(within(await waiting(/sign-up page/)).getByRole("button", { name: names.edit }));
  await fireEvent.input(screen.getByLabelText(names.edit, { selector: "textarea" }), { target: { value: "Also the sign-up page" } });
  await fireEvent.click(within(await waiting(/password reset/)).getByRole("button", { name: names.edit }));
  expect([session.item?.edited, session.item?.words.text]).toEqual([
    { id: "f2", text: "And the password reset.", was: "And the password reset." },
    "Also the sign-up page",
  ]);
});

test("what is held back goes with the words to which it is being changed, once they are taken, and is of its own agent", async () => {
  const agent = "bc-sign-in";
  const scene = sceneOf("follow-queue");
  for (const { queue } of scene.agents) for (const held of queue) held.state = { state: "queued" };
  const { backend, session } = await shown(scene);
  backend.put(agent, { state: { is: "stopped" }, heldBack: ["f1", "f2"] });
  await fireEvent.click(within(await waiting(/sign-up page/)).getByRole("button", { name: names.edit }));
  await fireEvent.input(screen.getByLabelText(names.edit, { selector: "textarea" }), { target: { value: "Also the footer" } });
  const change = backend.change.bind(backend);
  let take = (): void => undefined;
  const asked: string[] = [];
  backend.change = async (of) => {
    if (of.change === "follow_up_edit") await new Promise<void>((resolve) => { take = resolve; });
    if (of.change === "follow_up_edit" || of.change === "queue_release") asked.push(`${of.change} ${of.agent}`);
    return change(of);
  };
  const release = screen.getByRole("button", { name: names.sendAllWaiting });
  await fireEvent.click(release);
  await vi.waitFor(() => { expect(release).toHaveProperty("disabled", true); }, patient);
  await fireEvent.click(release);
  session.open({ view: "agent", id: "bc-chart" });
  await vi.waitFor(() => { expect(session.item?.agent?.id).toBe("bc-chart"); }, patient);
  expect(asked, "not with the old words").toEqual([]);
  take();
  await vi.waitFor(() => { expect(asked).toEqual([`follow_up_edit ${agent}`, `queue_release ${agent}`]); }, patient);
});

test("an answer that goes while its words are looked at is nobody's next answer", async () => {
  const { backend, session } = await shown("follow-queue");
  await fireEvent.click(within(await waiting(/sign-up page/)).getByRole("button", { name: names.edit }));
  backend.put("bc-sign-in", { queue: [] });
  await vi.waitFor(() => { expect(session.item?.edited).toBeNull(); }, patient);
  expect(session.item?.words.text).toBe("");
});

test.each(["follow-queue", "follow-refused"])("in the scene %s, Cancel gives the focus back to Edit", async (scene) => {
  await shown(scene);
  const words = scene === "follow-queue" ? /sign-up page/ : /password reset/;
  const line = await waiting(words);
  await fireEvent.click(within(line).getByRole("button", { name: names.edit }));
  await fireEvent.click(within(line).getByRole("button", { name: names.cancel }));
  await vi.waitFor(() => { expect(document.activeElement).toBe(within(line).getByRole("button", { name: names.edit })); }, patient);
});

test("the focus stays with an answer whose words are kept, and with those that could not be", async () => {
  const { backend } = await shown("follow-queue");
  const line = await waiting(/sign-up page/);
  await fireEvent.click(within(line).getByRole("button", { name: names.edit }));
  const field = within(line).getByLabelText<HTMLTextAreaElement>(names.edit, { selector: "textarea" });
  await vi.waitFor(() => { expect(document.activeElement).toBe(field); }, patient);
  await fireEvent.input(field, { target: { value: "Also the footer" } });
  const change = backend.change.bind(backend);
  backend.change = () => Promise.reject(new Refusal({ code: "dataTrouble" }));
  await fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await screen.findByText(failureWords({ code: "dataTrouble" }).text);
  expect([document.activeElement, field.value, field.readOnly], "they can be changed on").toEqual([field, "Also the footer", false]);
  backend.change = change;
  await fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(document.activeElement).toBe(within(line).getByRole("button", { name: names.edit })); }, patient);
});

test("the words of Cursor's refusal are quoted", async () => {
  const scene = sceneOf("follow-refused");
  for (const { queue } of scene.agents) {
    for (const held of queue) held.state = { state: "rejected", failure: { code: "refused", status: 418, message: "No more tea" } };
  }
  await shown(scene);
  const refused = await waiting(/password reset/);
  expect(refused.querySelector("blockquote")?.textContent).toBe("No more tea");
  expect(buttons(refused), "to try again is to send again").toEqual([names.edit, names.removeAccount, names.sendAgain]);
});

test("a question about an answer ends in the same buttons as one about a launch", async () => {
  await shown("follow-queue");
  const asked = buttons(await waiting(/password reset/));
  cleanup();
  const scene = sceneOf("decision");
  for (const launch of scene.launches) launch.state = { state: "needsDecision", decision: { about: "cannotTell", candidates: [] } };
  await shown(scene);
  await screen.findByRole("button", { name: names.doNotSend }, patient);
  expect(asked).toEqual([names.doNotSend, names.sendAgain]);
  expect(screen.getAllByRole("button").map(({ textContent }) => textContent.trim()).filter((label) => asked.includes(label))).toEqual(asked);
});

test("a picture that could not be saved is said beside it", async () => {
  const { backend } = await shown("follow-done");
  backend.saveArtifact = () => Promise.reject(new Refusal({ code: "saveFailed" }));
  await fireEvent.click(await screen.findByRole("button", { name: new RegExp(page.follow.before) }, patient));
  const dialog = await screen.findByRole("dialog", { name: names.gallery }, patient);
  await fireEvent.keyDown(dialog, { key: "End" });
  await fireEvent.click(await within(dialog).findByRole("button", { name: names.save }));
  await within(dialog).findByText(failureWords({ code: "saveFailed" }).text, {}, patient);
});

test.each(["keyNeeded", "keychainLocked", "keyRefused"] as const)("%s is said of the account, and not of its agent as well", async (code) => {
  const scene = sceneOf("follow-done");
  scene.accounts = scene.accounts.map((account) => (account.kind === "cursor" ? { ...account, problem: { code } } : account));
  for (const agent of scene.agents) agent.problem = { code };
  await shown(scene);
  expect(await screen.findAllByText(failureWords({ code }).text, {}, patient)).toHaveLength(1);
});

test("a key that is still being fetched is no trouble of an agent", async () => {
  const scene = sceneOf("follow-done");
  for (const agent of scene.agents) agent.problem = { code: "keyNeeded" };
  await shown(scene);
  await screen.findByLabelText(names.answer, {}, patient);
  expect(screen.queryByText(failureWords({ code: "keyNeeded" }).text)).toBeNull();
});

test("Stop keeps its place when it goes and when other buttons come", async () => {
  const { backend } = await shown("follow-working");
  const stop = await screen.findByRole("button", { name: names.stop }, patient);
  const place = stop.parentElement;
  const isPlaced = (): boolean => place?.nextElementSibling?.querySelector("button")?.getAttribute("aria-label") === names.more;
  const id = backend.scene.agents.find(({ state }) => state.is === "working")?.id ?? "";
  expect(isPlaced(), "before what is always there, and behind all that comes and goes").toBe(true);
  backend.put(id, { state: { is: "done" }, webUrl: "https://cursor.com/agents/a" });
  await vi.waitFor(() => { expect(screen.queryByRole("button", { name: names.stop })).toBeNull(); }, patient);
  expect([place?.isConnected, place?.childElementCount, isPlaced()], "nothing stands where it stood").toEqual([true, 0, true]);
});

test("what a run cost is shown once it is known, and not the sum before it", async () => {
  const { backend, session } = await shown("follow-done");
  await screen.findByText(/\$0\.08/, {}, patient);
  const runs = session.item?.agent?.runs ?? [];
  const next = { id: "bc-sign-in-run-2", state: "running", createdAt: 0, duration: null } as const;
  backend.put("bc-sign-in", { state: { is: "working", since: 0, step: null }, runs: [...runs, next] });
  await screen.findByRole("button", { name: names.stop }, patient);
  backend.put("bc-sign-in", { state: { is: "done" }, runs: [...runs, { ...next, state: "finished" }] });
  await vi.waitFor(() => { expect(screen.queryByRole("button", { name: names.stop })).toBeNull(); }, patient);
  expect(screen.queryByText(/\$/), "the old sum is not what this run cost").toBeNull();
  backend.put("bc-sign-in", { usage: { tokens: 90_000, micros: 110_000 } });
  await screen.findByText(/\$0\.11/, {}, patient);
});

test("where an agent has several runs, each says what it used, and the last one the sum", async () => {
  const { backend, session } = await shown("follow-done");
  await screen.findByText(/\$0\.08/, {}, patient);
  const runs = session.item?.agent?.runs ?? [];
  const usage = { tokens: 41_000, micros: 30_000 };
  backend.put("bc-sign-in", { runUsage: [{ run: "bc-sign-in-run-1", usage }] });
  await Promise.resolve();
  expect(screen.queryByText(/\$0\.03/), "of the only run the sum says it all").toBeNull();
  backend.put("bc-sign-in", { runs: [...runs, { id: "bc-sign-in-run-2", state: "finished", createdAt: 0, duration: null }] });
  const line = await screen.findByText(/41,000 tokens · \$0\.03/, {}, patient);
  expect(line.textContent.replaceAll(/\s+/g, " ").trim()).toMatch(/ · 41,000 tokens · \$0\.03 · in all 76,390 tokens · \$0\.08$/);
});

test.each(["plan", "ask"])("in the scene %s an archived agent offers nothing that it cannot take", async (name) => {
  const scene = sceneOf(name);
  for (const agent of scene.agents) agent.archived = true;
  const { backend, session } = await shown(scene);
  await screen.findByText(page.follow.archivedNote, {}, patient);
  expect([screen.queryByText(page.follow.planTitle), screen.queryByText(page.follow.asksTitle)]).toEqual([null, null]);
  backend.put(session.wanted?.id ?? "", { archived: false });
  await screen.findByText(name === "plan" ? page.follow.planTitle : page.follow.asksTitle, {}, patient);
});

test("the button that asks for words brings an archived agent back, and leads to its answer", async () => {
  const scene = sceneOf("failed");
  for (const agent of scene.agents) agent.archived = true;
  const { backend } = await shown(scene);
  const words = failureWords({ code: "runFailed", message: "" });
  await fireEvent.click(await screen.findByRole("button", { name: words.label }, patient));
  const area = await screen.findByLabelText(names.answer, {}, patient);
  await vi.waitFor(() => { expect(document.activeElement).toBe(area); }, patient);
  expect(backend.asked).toEqual([{ change: "agent_archive", agent: "bc-failed", archived: false }]);
});

test("to try again after stopping failed is to stop", async () => {
  const { backend } = await shown("follow-working");
  backend.put("bc-sign-in", { problem: { code: "stopFailed" } });
  const words = failureWords({ code: "stopFailed" });
  const said = (await screen.findByText(words.text, {}, patient)).closest<HTMLElement>(".notice");
  await fireEvent.click(within(said ?? document.body).getByRole("button", { name: words.label }));
  expect(backend.asked, "a refresh would only take the sentence away").toEqual([{ change: "agent_stop", agent: "bc-sign-in" }]);
});

test("a file that could not be saved is saved again from its own agent, whichever is open", async () => {
  const { backend, session } = await shown("follow-done");
  const saved: string[] = [];
  let refuse: () => void = () => undefined;
  backend.saveArtifact = (...asked: unknown[]) => {
    saved.push(String(asked[0]));
    return new Promise((_, reject) => { refuse = () => { reject(new Refusal({ code: "saveFailed" })); }; });
  };
  await fireEvent.click((await screen.findAllByRole("button", { name: new RegExp(`^${names.save}`) }, patient))[0] ?? document.body);
  session.open({ view: "agent", id: "bc-chart" });
  await vi.waitFor(() => { expect(session.item?.agent?.id).toBe("bc-chart"); }, patient);
  refuse();
  const words = failureWords({ code: "saveFailed" });
  const said = (await screen.findByText(words.text, {}, patient)).closest<HTMLElement>(".notice");
  await fireEvent.click(within(said ?? document.body).getByRole("button", { name: words.label }));
  expect(saved).toEqual(["bc-sign-in", "bc-sign-in"]);
});

test("what waits is put in another order by keys and by buttons, and keeps the focus", async () => {
  const scene = sceneOf("follow-queue");
  for (const { queue } of scene.agents) {
    for (const held of queue) held.state = { state: "queued" };
    const [first] = queue;
    if (first !== undefined) queue.push({ ...first, id: "f3", text: "And the footer." });
  }
  const { backend, session } = await shown(scene);
  const order = (): string[] =>
    [...document.querySelectorAll<HTMLElement>("li[data-follow-up]")].map(({ dataset }) => dataset["followUp"] ?? "");
  const button = async (words: RegExp, name: string): Promise<HTMLElement> =>
    within(await waiting(words)).getByRole("button", { name });

  (await button(/footer/, names.edit)).focus();
  await fireEvent.keyDown(await button(/footer/, names.edit), { key: "ArrowUp", altKey: true });
  await vi.waitFor(() => { expect(order()).toEqual(["f1", "f3", "f2"]); }, patient);
  const focused = await button(/footer/, names.edit);
  await vi.waitFor(() => { expect(document.activeElement).toBe(focused); }, patient);
  expect(session.said, "and it is said").toBe(page.follow.answerMoved(2, 3));

  await fireEvent.click(await button(/sign-up page/, names.sendLater));
  await vi.waitFor(() => { expect(order()).toEqual(["f3", "f1", "f2"]); }, patient);
  await fireEvent.click(await button(/footer/, names.sendEarlier));
  expect(backend.asked, "before the first there is no place, and nothing is asked").toEqual([
    { change: "follow_up_move", agent: "bc-sign-in", followUp: "f3", earlier: true },
    { change: "follow_up_move", agent: "bc-sign-in", followUp: "f1", earlier: false },
  ]);
});

test("in words that are being changed Alt and an arrow key move nothing", async () => {
  const scene = sceneOf("follow-queue");
  for (const { queue } of scene.agents) for (const held of queue) held.state = { state: "queued" };
  const { backend } = await shown(scene);
  const line = await waiting(/password reset/);
  await fireEvent.click(within(line).getByRole("button", { name: names.edit }));
  await fireEvent.keyDown(within(line).getByLabelText(names.edit, { selector: "textarea" }), { key: "ArrowUp", altKey: true });
  expect(backend.asked).toEqual([]);
});

test("the model of the next answers is chosen beside them, goes with them, and stays", async () => {
  const { backend, session } = await shown("follow-working");
  const choice = await screen.findByRole("button", { name: new RegExp(`^${names.model}: ${page.follow.sameModel}`) }, patient);
  await fireEvent.click(choice);
  const pick = async (label: string): Promise<void> => {
    const lines = await screen.findByRole("listbox", { name: names.findModel }, patient);
    await fireEvent.click(await within(lines).findByText(label, {}, patient));
  };
  await pick("Opus 5, High");
  await vi.waitFor(() => { expect(choice.textContent.trim()).toBe("Opus 5, High"); }, patient);
  const model = { id: "opus-5", parameters: [{ id: "effort", value: "high" }], name: "Opus 5, High" };
  const agent = session.wanted?.id ?? "";
  expect(backend.asked).toEqual([{ change: "answer_model", agent, model }]);
  await fireEvent.input(screen.getByLabelText(names.answer), { target: { value: "Use the new color" } });
  await fireEvent.click(screen.getByRole("button", { name: names.queue }));
  await vi.waitFor(() => { expect(session.item?.agent?.queue.map((held) => held.model)).toEqual([model]); }, patient);
  expect((await waiting(/new color/)).textContent, "it is the model that is shown below").not.toContain("Opus");

  await fireEvent.click(choice);
  await pick(page.follow.sameModel);
  await vi.waitFor(() => { expect(choice.textContent.trim()).toBe(page.follow.sameModel); }, patient);
  expect((await waiting(/new color/)).textContent, "the one that waits keeps its own, and says so").toContain("Opus 5, High");
});

test("an answer refused for its model opens the list of models", async () => {
  const scene = sceneOf("follow-refused");
  for (const { queue } of scene.agents) {
    for (const held of queue) held.state = { state: "rejected", failure: { code: "modelUnavailable", model: "gpt-2" } };
  }
  await shown(scene);
  const refused = await waiting(/password reset/);
  await fireEvent.click(within(refused).getByRole("button", { name: failureWords({ code: "modelUnavailable", model: "gpt-2" }).label }));
  expect(await screen.findByRole("combobox", { name: names.findModel }, patient)).toBeTruthy();
});

test("the older API takes no model for answers", async () => {
  const scene = sceneOf("follow-working");
  scene.accounts = scene.accounts.map((account) => ({ ...account, olderApi: true }));
  await shown(scene);
  await screen.findByLabelText(names.answer, {}, patient);
  expect(screen.queryByRole("button", { name: new RegExp(`^${names.model}:`) })).toBeNull();
});

test("a picture is looked at closely by keys alone, and the next one fits again", async () => {
  const sized = vi.spyOn(HTMLImageElement.prototype, "naturalWidth", "get").mockReturnValue(800);
  const tall = vi.spyOn(HTMLImageElement.prototype, "naturalHeight", "get").mockReturnValue(600);
  await shown("follow-done");
  await fireEvent.click(await screen.findByRole("button", { name: new RegExp(page.follow.before) }, patient));
  const dialog = await screen.findByRole("dialog", { name: names.gallery }, patient);
  const width = (): string => dialog.querySelector("img")?.style.width ?? "";
  const pressed = async (key: string): Promise<string> => {
    await fireEvent.keyDown(dialog, { key });
    await Promise.resolve();
    return width();
  };
  const pixels = `${(800 / window.devicePixelRatio).toString()}px`;
  expect([width(), await pressed("1"), await pressed("0"), await pressed("1"), await pressed("ArrowRight")]).toEqual(["", pixels, "", pixels, ""]);
  await pressed("ArrowRight");
  const next = within(dialog).getByRole("button", { name: names.next });
  expect(next.getAttribute("aria-disabled"), "it stays under the pointer").toBe("true");
  sized.mockRestore();
  tall.mockRestore();
});

test("the link of a pull request is copied beside it", async () => {
  const copied = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, clipboard: { writeText: copied } });
  await shown("follow-done");
  await fireEvent.click(await screen.findByRole("button", { name: `${names.copyPullRequest} Pull request 121` }, patient));
  vi.unstubAllGlobals();
  expect(copied.mock.calls).toEqual([["https://github.com/maria/shop-website/pull/121"]]);
});

test("a reply is copied as markdown", async () => {
  const copied = vi.fn((words: string) => Promise.resolve(words));
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, clipboard: { writeText: copied } });
  await shown("follow-done");
  const [reply] = await screen.findAllByRole("button", { name: names.copyReply }, patient);
  await fireEvent.click(reply ?? document.body);
  vi.unstubAllGlobals();
  expect(copied.mock.calls).toEqual([
    ["The button had a fixed left margin from an older layout. I removed it, made the form a single column below **480 px**, and raised the link’s contrast to **4.9 : 1**."],
  ]);
});

test("a file is read in place as text, and its end is said", async () => {
  const { backend } = await shown("follow-done");
  const open = async (): Promise<HTMLElement> => {
    await fireEvent.click(await screen.findByRole("button", { name: `${names.viewFile} test-results.txt` }, patient));
    return await screen.findByRole("dialog", { name: "test-results.txt" }, patient);
  };
  const dialog = await open();
  const text = await within(dialog).findByRole("region", { name: names.fileText }, patient);
  expect([text.textContent, text.children.length], "a tag is letters like any other").toEqual([testResults.text, 0]);
  within(dialog).getByText(page.follow.fileCut(262_144, 1_240_000));
  backend.saveArtifact = () => Promise.reject(new Refusal({ code: "saveFailed" }));
  await fireEvent.click(within(dialog).getByRole("button", { name: names.save }));
  await within(dialog).findByText(failureWords({ code: "saveFailed" }).text, {}, patient);
  cleanup();

  const other = await shown("follow-done");
  other.backend.artifactText = () => Promise.resolve(null);
  await within(await open()).findByText(page.follow.notText, {}, patient);
});
