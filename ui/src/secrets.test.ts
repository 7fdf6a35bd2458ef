// What looks like a key in the words, and the reminder of what pictures show, in the whole page.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { composing } from "./backend/memory/scenes/compose";
import { patient, shown } from "./shown";
import { names } from "./text/names";
import { page } from "./text/page";
import { secretWords } from "./text/secret";

beforeAll(() => {
  // The test environment has no editing commands; the field is changed without.
  document.execCommand = () => false;
});
afterEach(cleanup);

/** Made here, so that none stands in the repository. */
const key = ["ghp", "aZ3kQ9".repeat(6)].join("_");
const other = ["AK", "IA", "Q2W3E4R5T6Y7U2I3"].join("");

const composers = [
  ["compose", names.words, "draft_send"],
  ["follow-done", names.answer, "follow_up_send"],
] as const;

const questions = (): string[] =>
  within(screen.getByRole("list", { name: names.secrets })).getAllByRole("listitem").map((item) => item.querySelector("p")?.textContent ?? "");

const sent = (asked: { change: string }[]): string[] => asked.map(({ change }) => change).filter((change) => change.endsWith("_send"));

const drawn = (area: HTMLElement): [string, string | null][] =>
  [...(area.parentElement?.querySelectorAll(".behind span") ?? [])].map((span) => [span.textContent, span.classList[0] ?? null]);

test.each(composers)("in the scene %s, a key is asked about before it is sent, and goes once it is said to be fine", async (scene, field, send) => {
  const { backend, session } = await shown(scene);
  const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
  await fireEvent.input(area, { target: { value: `Use ${key}.` } });
  // At once: the rest of the typist is not waited for.
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(document.activeElement?.textContent.trim()).toBe(names.removeSecret); }, patient);
  expect([questions(), drawn(area), sent(backend.asked), session.item?.sending, session.said]).toEqual([
    [`${secretWords("gitHub")} ghp_aZ3k…`],
    [[key, "warning"]],
    [],
    false,
    secretWords("gitHub"),
  ]);
  await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(session.item?.sending).toBe(false); }, patient);
  expect(sent(backend.asked), "sending again answers nothing").toEqual([]);
  await fireEvent.click(screen.getByRole("button", { name: names.secretIsFine }));
  await vi.waitFor(() => { expect(document.activeElement).toBe(area); }, patient);
  expect([screen.queryByRole("list", { name: names.secrets }), drawn(area)]).toEqual([null, []]);
  await fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
  await vi.waitFor(() => { expect(sent(backend.asked)).toEqual([send]); }, patient);
});

test.each(composers)("in the scene %s, removing takes a key out wherever it stands", async (scene, field) => {
  const { backend, session } = await shown(scene);
  const area = await screen.findByLabelText<HTMLTextAreaElement>(field);
  await fireEvent.input(area, { target: { value: `🙂 ${key} and ${other}, ${key}!` } });
  await screen.findByText(secretWords("gitHub"), { exact: false, selector: "p:not(.unseen)" }, patient);
  expect(questions().length).toBe(2);
  await fireEvent.click(screen.getAllByRole("button", { name: names.removeSecret })[0] as HTMLElement);
  await vi.waitFor(() => { expect(area.value).toBe(`🙂  and ${other}, !`); }, patient);
  expect([document.activeElement, area.selectionStart, session.item?.words.text, questions()]).toEqual([
    area, 3, area.value, [`${secretWords("amazon")} ${other.slice(0, 8)}…`],
  ]);
  await vi.waitFor(() => {
    expect(backend.asked.some((change) => "text" in change && change.text === area.value), "the words without it are saved").toBe(true);
  }, patient);
});

test("words without a key are drawn as ever", async () => {
  await shown("compose");
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  await fireEvent.input(area, { target: { value: "ghp_xxxx is no key, ① no pin" } });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect([area.parentElement?.querySelector(".behind"), area.classList.contains("clear"), screen.queryByRole("list", { name: names.secrets })]).toEqual([
    null, false, null,
  ]);
});

test("the numbers of pins that are there are drawn in their own color", async () => {
  const scene = composing({ text: "① bigger\n② what is this?" });
  const [first] = scene.drafts.at(-1)?.shots ?? [];
  first?.markup.marks.push({ kind: "pin", at: { x: 9, y: 9 }, number: 1, size: 24, color: { red: 61, green: 78, blue: 216 } });
  await shown(scene);
  const area = await screen.findByLabelText<HTMLTextAreaElement>(names.words);
  expect([drawn(area), area.classList.contains("clear"), area.parentElement?.querySelector(".behind")?.textContent]).toEqual([
    [["①", "number"]], true, area.value,
  ]);
});

test("a key in changed words of a waiting answer is asked about before they are kept", async () => {
  const { backend } = await shown("follow-refused");
  const list = await screen.findByRole("list", { name: names.waitingAnswers }, patient);
  await fireEvent.click(within(list).getByRole("button", { name: names.edit }));
  const field = within(list).getByLabelText<HTMLTextAreaElement>(names.edit);
  await fireEvent.input(field, { target: { value: `With ${key}` } });
  await fireEvent.click(within(list).getByRole("button", { name: names.sendAgain }));
  await vi.waitFor(() => { expect(document.activeElement?.textContent.trim()).toBe(names.removeSecret); }, patient);
  expect(backend.asked).toEqual([]);
  await fireEvent.click(document.activeElement as HTMLElement);
  await vi.waitFor(() => { expect(field.value).toBe("With "); }, patient);
  await fireEvent.click(within(list).getByRole("button", { name: names.sendAgain }));
  await vi.waitFor(() => { expect(backend.asked.map(({ change }) => change)).toEqual(["follow_up_again"]); }, patient);
});

test("a repository that was never sent to brings one reminder of what pictures show, until it is put away", async () => {
  const url = "https://github.com/studio-lopes/newsletter";
  const { backend } = await shown(composing({ repository: url }));
  await screen.findByText(page.compose.picturesReminder);
  await fireEvent.click(screen.getByRole("button", { name: names.putAwayReminder }));
  await vi.waitFor(() => { expect(screen.queryByText(page.compose.picturesReminder)).toBeNull(); }, patient);
  expect([backend.asked, document.activeElement?.getAttribute("aria-label")]).toEqual([
    [{ change: "repository_reminded", url }],
    names.words,
  ]);
  cleanup();
  await shown("compose");
  expect(screen.queryByText(page.compose.picturesReminder), "this one was sent to before").toBeNull();
});
