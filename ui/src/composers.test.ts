import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { Change, Failure } from "./backend/bindings";
import { patient, shown } from "./shown";
import { failureWords } from "./text/failure";
import { names } from "./text/names";

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
    const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
    await fireEvent.input(area, { target: { value: "Half a sentence" } });
    await fireEvent.blur(area);
    await vi.waitFor(() => { expect(backend.asked).toHaveLength(1); }, patient);
    backend.paste = () => Promise.reject(new Refusal(failure));
    await session.paste();
    const said = (await screen.findByText(failureWords(failure).text)).closest(".notice");
    const button = said?.querySelector("button");
    expect(button?.textContent.trim(), "there is nothing it could repeat").toBe("OK");
    await fireEvent.click(button as HTMLElement);
    await vi.waitFor(() => { expect(session.refused).toEqual([]); }, patient);
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
