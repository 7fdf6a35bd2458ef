// Steps in the whole page: in words first, and everything a developer wants one click or one key away.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { CallDetail, StepCall, StepState } from "./backend/bindings";
import { sceneOf } from "./backend/memory/scenes";
import { unfolded } from "./features/transcript/details.svelte";
import { patient, shown } from "./shown";
import { detail } from "./text/detail";
import { failureWords } from "./text/failure";
import { names } from "./text/names";

afterEach(() => {
  cleanup();
  unfolded.clear();
});

const step = (words: RegExp): Promise<HTMLElement> => screen.findByRole("button", { name: words }, patient);

test("a command shows what ran, what it wrote and how it ended, and folds again", async () => {
  await shown("follow-done");
  const tests = await step(/Ran the tests/);
  expect([tests.getAttribute("aria-expanded"), screen.queryByRole("region", { name: "Command" })]).toEqual(["false", null]);
  await fireEvent.click(tests);
  expect((await screen.findByRole("region", { name: "Command" })).textContent).toBe("npm test");
  expect(screen.getByRole("region", { name: "Output" }).textContent).toContain("<script>alert(1)</script>");
  expect(document.querySelectorAll("main script, ol script")).toHaveLength(0);
  expect(screen.getByText(detail.cut({ shown: 262_144, bytes: 1_240_000 }))).toBeTruthy();
  expect(screen.getByText(/Exit code 1/).className).toContain("bad");
  await fireEvent.click(tests);
  expect(screen.queryByRole("region", { name: "Command" })).toBeNull();
});

test("a change shows its lines by sign, not by color alone", async () => {
  await shown("follow-done");
  await fireEvent.click(await step(/Edited/));
  const diff = await screen.findByRole("region", { name: /sign-in\.css/ });
  const lines = [...diff.querySelectorAll(".lines > div")].map((line) => [line.className.split(" ")[0], line.textContent]);
  expect(lines.slice(1, 4)).toEqual([
    ["same", " .sign-in button {"],
    ["removed", "−  margin-inline-start: 48px;"],
    ["removed", "−  width: 220px;"],
  ]);
});

test("what was folded together is listed, and each of it unfolds", async () => {
  await shown("follow-done");
  await fireEvent.click(await step(/Read 6 files/));
  const css = await screen.findByRole("button", { name: "src/tokens.css" });
  await fireEvent.click(css);
  expect((await screen.findByRole("region", { name: "src/tokens.css" })).textContent).toContain("SignIn");
});

test("the arrows go from step to step", async () => {
  await shown("follow-done");
  const read = await step(/Read 6 files/);
  read.focus();
  await fireEvent.keyDown(read, { key: "ArrowDown" });
  expect(document.activeElement).toBe(await step(/Edited/));
  await fireEvent.keyDown(document.activeElement ?? read, { key: "ArrowUp" });
  expect(document.activeElement).toBe(read);
});

test("what is not on disk yet is asked for again, and a refusal is said", async () => {
  const { backend } = await shown("follow-done");
  const answers: (CallDetail | null)[] = [
    null,
    { tool: "new_tool", state: "done", took: 1, withheld: true, parts: [{ part: "fields", of: "arguments", fields: [{ name: "a", clip: { text: "b", cut: null } }] }] },
  ];
  backend.stepDetail = () => Promise.resolve(answers.shift() ?? null);
  await fireEvent.click(await step(/Took a screenshot/));
  expect(await screen.findByText(detail.none)).toBeTruthy();
  const field = await screen.findByRole("region", { name: "Arguments: a" }, patient);
  expect(field.textContent).toBe("b");
  expect(screen.getByText(detail.withheld)).toBeTruthy();

  backend.stepDetail = () => Promise.reject(new Refusal({ code: "dataTrouble" }));
  await fireEvent.click(await step(/Edited/));
  const edited = (await step(/Edited/)).closest("li");
  expect(await within(edited ?? document.body).findByText(failureWords({ code: "dataTrouble" }).text)).toBeTruthy();
});

test("a step that was cut short is asked for until its end is told, as any that is over", async () => {
  const scene = sceneOf("follow-done");
  for (const { kind } of scene.blocks.get("bc-sign-in") ?? []) if (kind.kind === "steps") kind.step.state = "interrupted";
  const { backend } = await shown(scene);
  const [details, calls]: StepState[][] = [["running", "interrupted"], ["running", "interrupted"]];
  backend.stepDetail = () => Promise.resolve<CallDetail>({ tool: "shell", state: details?.shift() ?? "done", took: null, withheld: false, parts: [] });
  backend.stepCalls = () => Promise.resolve<StepCall[]>([
    { id: "a", object: null, step: { detail: { does: "thinks" }, state: calls?.shift() ?? "done" } },
  ]);
  await fireEvent.click(await step(/Took a screenshot|Taking a screenshot/));
  await fireEvent.click(await step(/Reading 6 files/));
  await vi.waitFor(() => { expect([details, calls]).toEqual([[], []]); }, patient);
});

test("the time beside a step is its place in the run, and its tip says so", async () => {
  await shown("follow-done");
  const time = (await step(/Read 6 files/)).querySelector("time");
  expect(time?.textContent).toMatch(/^\d+:\d\d$/);
  expect(time?.title).toMatch(new RegExp(`^${time?.textContent ?? ""} into the run · .*\\d`));
});

test("what it was at when it was stopped is not told as done", async () => {
  await shown("follow-working");
  await fireEvent.click(await screen.findByRole("button", { name: names.stop }, patient));
  const cut = await screen.findByText("· cut short", {}, patient);
  const [read, tests] = [await step(/Read 6 files/), cut.closest("button")];
  const mark = (of: HTMLElement | null): string | null | undefined => of?.querySelector(".mark path")?.getAttribute("d");
  expect([tests?.textContent.includes("Running the tests"), mark(tests) === mark(read)]).toEqual([true, false]);
});
