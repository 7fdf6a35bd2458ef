import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Change, Failure, Model } from "./backend/bindings";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

const notSaved: Failure[] = [{ code: "diskFull" }, { code: "dataReadOnly" }, { code: "dataTrouble" }];

const composers = [
  ["compose", names.words],
  ["follow-done", names.answer],
] as const;

test.each(composers.flatMap(([scene, field]) => notSaved.map((failure) => [scene, failure.code, field, failure] as const)))(
  "in the scene %s, the button of a picture that could not be kept (%s) sends nothing",
  async (scene, _code, field, failure) => {
    const { backend, session } = await shown(scene);
    const area = await screen.findByLabelText<HTMLTextAreaElement>(field, {}, patient);
    await fireEvent.input(area, { target: { value: "Half a sentence" } });
    await fireEvent.blur(area);
    await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
    backend.paste = () => Promise.reject(new Refusal(failure));
    const target = session.target ?? { into: "draft", id: "" };
    await session.taking.paste(target, false, () => undefined);
    const said = (await screen.findByText(failureWords(failure).text)).closest(".notice");
    const button = said?.querySelector("button");
    expect(button?.textContent.trim(), "there is nothing it could repeat").toBe("OK");
    await fireEvent.click(button as HTMLElement);
    await vi.waitFor(() => { expect(session.taking.refused(target)).toEqual([]); }, patient);
    expect(backend.asked.map(({ change }) => change), "a button about a picture must never send the words").toEqual([
      scene === "compose" ? "draft_text" : "answer_text",
    ]);
  },
);

/** Opens the popover of a choice, and gives its field. */
async function opened(choice: string, field: string): Promise<HTMLInputElement> {
  await fireEvent.click(await screen.findByRole("button", { name: new RegExp(`^${choice}:`) }));
  return screen.findByRole<HTMLInputElement>("combobox", { name: field });
}

/** The lines that can be chosen in a popover. */
const linesOf = (list: string): string[] =>
  within(screen.getByRole("listbox", { name: list })).queryAllByRole("option").map(({ textContent }) => textContent.trim().replace(/\s+/g, " "));

test.each([
  ["https://github.com/maria/shop-website.git", ["Shop website maria/shop-website"]],
  ["git@github.com:maria/shop-website.git", ["Shop website maria/shop-website"]],
  ["ssh://git@github.com/Maria/Shop-Website", ["Shop website maria/shop-website"]],
  ["https://me@gitlab.com/maria/photo-archive/-/tree/main", ["maria/photo-archive"]],
  ["https://me@bitbucket.org/acme/web", ["Use bitbucket.org/acme/web"]],
  ["https://org@dev.azure.com/org/shop/_git/web", ["Use dev.azure.com/org/shop/_git/web"]],
  ["https://github.com/maria/shop-web", ["Shop website maria/shop-website", "Use github.com/maria/shop-web"]],
])("pasting %s into the repositories offers %j", async (typed, offered) => {
  await shown("compose");
  const field = await opened(names.repository, names.findRepository);
  await fireEvent.input(field, { target: { value: typed } });
  expect(linesOf(names.findRepository), "an address leads to the repository it means, and an unknown one can be used").toEqual(offered);
});

const refusedChoices: [string, string, string, Change["change"], Failure][] = [
  [names.branch, names.findBranch, "fix the footer", "draft_branch", { code: "branchMalformed", branch: "fix the footer" }],
  [names.repository, names.findRepository, "github.com/acme/we%20b", "draft_repository", { code: "repositoryMalformed", text: "github.com/acme/we%20b" }],
];

test.each(refusedChoices)("a refused %s is said in its popover, which keeps what was typed", async (choice, find, typed, change, failure) => {
  const { backend, session } = await shown("compose");
  const before = backend.change.bind(backend);
  backend.change = (asked) => (asked.change === change ? Promise.reject(new Refusal(failure)) : before(asked));
  const field = await opened(choice, find);
  await fireEvent.input(field, { target: { value: typed } });
  await fireEvent.keyDown(field, { key: "Enter" });
  const said = await screen.findByRole("alert");
  expect(
    [said.textContent, field.isConnected, field.value, session.trouble],
    "the next step is in this list, so it stays open and the page has no banner",
  ).toEqual([failureWords(failure).text, true, typed, null]);
  await fireEvent.input(field, { target: { value: "main" } });
  expect(screen.queryByRole("alert"), "typing on answers the refusal").toBeNull();
});

test("a refused model is said in its popover", async () => {
  const { backend, session } = await shown("compose");
  const failure: Failure = { code: "modelUnavailable", model: "opus-5" };
  backend.change = () => Promise.reject(new Refusal(failure));
  const field = await opened(names.model, names.findModel);
  await screen.findByText("Opus 5, High", {}, patient);
  await fireEvent.input(field, { target: { value: "opus" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  expect([(await screen.findByRole("alert")).textContent, session.trouble]).toEqual([failureWords(failure).text, null]);
});

test("a choice that could not be saved closes its popover and is the page's trouble", async () => {
  const { backend, session } = await shown("compose");
  backend.change = () => Promise.reject(new Refusal({ code: "diskFull" }));
  const field = await opened(names.branch, names.findBranch);
  await fireEvent.input(field, { target: { value: "main" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await vi.waitFor(() => { expect(session.trouble).toEqual({ code: "diskFull" }); }, patient);
  expect(field.isConnected, "another branch would not help").toBe(false);
});

const places = (): string[] =>
  [...screen.getByRole("list", { name: names.pictures }).querySelectorAll<HTMLImageElement>("li.tile img")].map(({ src }) => src);

const focusedPicture = (): string | undefined => document.activeElement?.querySelector("img")?.src;

test("a picture that the keyboard moves keeps the focus, however late its new place comes", async () => {
  const { backend } = await shown("compose-full");
  const before = backend.change.bind(backend);
  let go: (() => void)[] = [];
  backend.change = async (asked) => {
    await new Promise<void>((resolve) => go.push(resolve));
    return before(asked);
  };
  const first = await screen.findByRole("button", { name: "Picture 1 of 5" });
  const order = places();
  first.focus();
  await fireEvent.keyDown(first, { key: "ArrowRight", altKey: true });
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect([places(), focusedPicture()], "nothing moved yet, so neither did the focus").toEqual([order, order[0]]);
  await fireEvent.keyDown(first, { key: "ArrowRight", altKey: true });
  for (const resolve of go) resolve();
  go = [];
  await vi.waitFor(() => { expect(places()).toEqual([order[1], order[2], order[0], order[3], order[4]]); }, patient);
  expect(focusedPicture(), "the focus went along with the picture").toBe(order[0]);
  expect(backend.asked.slice(-2), "the second press went on from where the first led").toEqual([
    { change: "draft_shot_move", draft: "draft-open", from: 0, to: 1 },
    { change: "draft_shot_move", draft: "draft-open", from: 1, to: 2 },
  ]);
});

test("the neighbor of a removed picture takes the focus, and after the last one the words do", async () => {
  const { backend } = await shown("compose");
  const second = await screen.findByRole("button", { name: "Picture 2 of 2" });
  const [left] = places();
  second.focus();
  await fireEvent.keyDown(second, { key: "Delete" });
  await vi.waitFor(() => { expect(places()).toEqual([left]); }, patient);
  expect(focusedPicture()).toBe(left);
  await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "Delete" });
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(2); }, patient);
  expect(document.activeElement?.getAttribute("aria-label")).toBe(names.words);
});

test("an answer takes a copied file as a picture too, and says what was done to its pictures", async () => {
  const { backend } = await shown("follow-done");
  const pasted: boolean[] = [];
  const before = backend.paste.bind(backend);
  backend.paste = (target, picture) => {
    pasted.push(picture);
    return before(target, picture);
  };
  await fireEvent.click(await screen.findByRole("button", { name: names.addPictures }));
  await fireEvent.click(await screen.findByRole("menuitem", { name: names.pasteAsPicture }));
  await screen.findByRole("button", { name: "Picture 1 of 1" });
  expect(pasted, "asks for the picture, not the words").toEqual([true]);
});

test("what was done to the pictures of an answer is said under them", async () => {
  await shown("answering");
  const note = await screen.findByText("First frame only");
  expect(note.title, "the whole note can be read where the line is too short").toBe("First frame only");
});

test("with the older API a plan cannot be asked for, and models have no variants", async () => {
  const { backend } = await shown("compose-older");
  const plan = await screen.findByRole("button", { name: names.planFirst });
  await fireEvent.click(plan);
  expect(
    [plan.getAttribute("aria-pressed"), plan.getAttribute("aria-disabled"), plan.title, backend.asked],
    "it would be ignored without a word",
  ).toEqual(["false", "true", page.compose.planFirstOlder, []]);
  await opened(names.model, names.findModel);
  await screen.findByText("Opus 5", { selector: ".label" }, patient);
  expect(linesOf(names.findModel).map((line) => line.replace(/(,| (Quick|Careful)).*/, "")), "names, each once").toEqual([
    page.compose.defaultModel, "Composer 2", "Opus 5", "GPT-6",
  ]);
  const chosen = screen.getAllByRole("option").filter((option) => option.getAttribute("aria-selected") === "true");
  expect(chosen.map(({ textContent }) => textContent.trim()), "what was chosen before is that model").toEqual([expect.stringContaining("Opus 5")]);
  await fireEvent.click(screen.getByText("GPT-6"));
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  expect(backend.asked).toEqual([
    { change: "draft_model", draft: "draft-open", model: { id: "gpt-6", parameters: [], name: "GPT-6" } },
  ]);
});

test("a search for a model says what is the matter: still coming, not to be had, or no such model", async () => {
  const { backend } = await shown("compose");
  const list = { resolve: (_: Model[]): void => undefined, reject: (): void => undefined };
  backend.models = () =>
    new Promise((resolve, reject) => {
      list.resolve = resolve;
      list.reject = () => { reject(new Refusal({ code: "offline" })); };
    });
  const field = await opened(names.model, names.findModel);
  await fireEvent.input(field, { target: { value: "nothing like it" } });
  const said = (): string => screen.getByRole("listbox", { name: names.findModel }).textContent.trim();
  expect(said()).toBe(page.compose.modelsLoading);
  list.reject();
  await vi.waitFor(() => { expect(said()).toBe(page.compose.modelsFailed); }, patient);
  HTMLElement.prototype.hidePopover.call(field.closest("[popover]") as HTMLElement);
  const again = await opened(names.model, names.findModel);
  const variants = ["Composer 2", "Composer 2 Fast", "High"].map((name) => ({ name, parameters: [{ id: "is", value: name }], default: false }));
  list.resolve([{ id: "composer-2", name: "Composer 2", description: null, variants }]);
  await fireEvent.input(again, { target: { value: "" } });
  await screen.findByText("Composer 2");
  expect(linesOf(names.findModel), "each with the model's name, once").toEqual([
    page.compose.defaultModel, "Composer 2", "Composer 2 Fast", "Composer 2, High",
  ]);
  await fireEvent.input(again, { target: { value: "nothing like it" } });
  expect(said()).toBe(page.compose.noModelFound);
});

test.each([
  [90_000, true],
  [365 * 24 * 3_600_000, false],
])("the list of repositories %d ms before it may be fetched again: waits %o", async (ahead, waits) => {
  const { session } = await shown("compose");
  session.world.repositories = { ...session.world.repositories, refreshAfter: session.clock.now + ahead };
  await opened(names.repository, names.findRepository);
  expect(
    screen.getByRole<HTMLButtonElement>("button", { name: names.refreshRepositories }).disabled,
    "the service asks for an hour at most, so more comes from a clock that was wrong",
  ).toBe(waits);
});

test("the question before a draft is deleted begins at Cancel, which gives the focus back", async () => {
  await shown("compose");
  const opener = await screen.findByRole("button", { name: names.deleteDraft });
  opener.focus();
  await fireEvent.click(opener);
  await vi.waitFor(() => { expect(document.activeElement?.textContent.trim()).toBe(names.cancel); }, patient);
  await fireEvent.click(document.activeElement as HTMLElement);
  await vi.waitFor(() => { expect(document.activeElement).toBe(opener); }, patient);
});

test("a draft that could not be deleted stays with its words, and says why", async () => {
  const { backend, session } = await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  const before = area.value;
  const change = backend.change.bind(backend);
  backend.change = (asked) => (asked.change === "draft_delete" ? Promise.reject(new Refusal({ code: "diskFull" })) : change(asked));
  await fireEvent.click(screen.getByRole("button", { name: names.deleteDraft }));
  await fireEvent.click(await screen.findByRole("button", { name: names.remove }));
  await screen.findByText(failureWords({ code: "diskFull" }).text);
  expect([area.isConnected, area.value, backend.asked]).toEqual([true, before, []]);
  backend.change = change;
  session.repeat?.();
  await vi.waitFor(() => { expect(backend.asked.map(({ change: asked }) => asked)).toEqual(["draft_delete", "draft_create"]); }, patient);
});

test("the models are asked for whenever they are opened, for what there is changes", async () => {
  const { backend } = await shown("compose");
  const models = await backend.models();
  const field = await opened(names.model, names.findModel);
  await screen.findByText("Opus 5, High", {}, patient);
  HTMLElement.prototype.hidePopover.call(field.closest("[popover]") as HTMLElement);
  backend.models = () => Promise.resolve(models.slice(0, 1));
  await opened(names.model, names.findModel);
  await vi.waitFor(() => {
    expect(linesOf(names.findModel).map((line) => line.split(/,| Quick/)[0])).toEqual([page.compose.defaultModel, "Composer 2"]);
  }, patient);
});

test("a refusal for want of a repository is over once one is chosen", async () => {
  const { backend } = await shown("compose");
  vi.spyOn(backend, "change").mockImplementationOnce(() => Promise.reject(new Refusal({ code: "repositoryMissing" })));
  await fireEvent.click(await screen.findByRole("button", { name: names.send }, patient));
  await screen.findByText(/Choose the repository the agent/, {}, patient);
  await backend.change({ change: "draft_repository", draft: "draft-open", repository: "https://github.com/acme/other" });
  await vi.waitFor(() => { expect(screen.queryByText(/Choose the repository the agent/)).toBeNull(); }, patient);
});

test.each(composers)("in the scene %s, sending waits for a picture that is being pasted", async (scene, field) => {
  const { backend } = await shown(scene);
  const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
  await fireEvent.input(area, { target: { value: "Like this" } });
  await fireEvent.blur(area);
  await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
  const order: string[] = [];
  const paste = backend.paste.bind(backend);
  let pasted: () => void = () => undefined;
  const clipboard = new Promise<void>((resolve) => { pasted = resolve; });
  backend.paste = async (target, picture) => {
    await clipboard;
    order.push("pasted");
    return paste(target, picture);
  };
  const change = backend.change.bind(backend);
  backend.change = (asked) => {
    order.push(asked.change);
    return change(asked);
  };
  await fireEvent.keyDown(area, { key: "v", ctrlKey: true });
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  pasted();
  await vi.waitFor(() => { expect(order).toHaveLength(2); }, patient);
  expect(order, "what was pasted before Send goes along").toEqual(["pasted", scene === "compose" ? "draft_send" : "follow_up_send"]);
});

test.each(composers)("in the scene %s, nothing is sent without a picture that was refused meanwhile", async (scene, field) => {
  const { backend, session } = await shown(scene);
  const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
  await fireEvent.input(area, { target: { value: "Like this" } });
  let refuse: () => void = () => undefined;
  backend.paste = () => new Promise((_, reject) => { refuse = () => { reject(new Refusal({ code: "pictureDamaged" })); }; });
  await fireEvent.keyDown(area, { key: "v", ctrlKey: true });
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  refuse();
  await screen.findByText(failureWords({ code: "pictureDamaged" }).text);
  await vi.waitFor(() => { expect(session.item?.sending).toBe(false); }, patient);
  expect(backend.asked.filter(({ change }) => change.endsWith("_send"))).toEqual([]);
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(backend.asked.at(-1)?.change, "having seen it, the user may send without").toMatch(/_send$/); }, patient);
});

test("sending waits for a drop as well", async () => {
  const { backend, session } = await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  const { give } = backend;
  backend.give = () => undefined;
  await fireEvent.drop(window);
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  expect([session.taking.busy({ into: "draft", id: "draft-open" }), backend.asked]).toEqual([true, []]);
  give.call(backend, { took: "pictures", count: 1, refused: [] });
  await vi.waitFor(() => { expect(backend.asked).toEqual([{ change: "draft_send", draft: "draft-open" }]); }, patient);
});

test("words written while an answer is sent are the next answer's", async () => {
  const { backend } = await shown("plan");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.answer);
  const change = backend.change.bind(backend);
  let answered: () => void = () => undefined;
  backend.change = async (asked) => {
    const answer = await change(asked);
    if (asked.change === "follow_up_send") await new Promise<void>((resolve) => { answered = resolve; });
    return answer;
  };
  await fireEvent.input(area, { target: { value: "Leave it" } });
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(backend.asked.at(-1)?.change).toBe("follow_up_send"); }, patient);
  await fireEvent.input(area, { target: { value: "Leave it\nAnd the footer" } });
  answered();
  await vi.waitFor(() => { expect(area.value, "what was sent is gone, what was written on is kept").toBe("And the footer"); }, patient);
  await vi.waitFor(() => { expect(backend.asked.at(-1)).toEqual({ change: "answer_text", agent: "bc-plan", text: "And the footer" }); }, patient);
});
