// What is used, where it is seen: the dialog, the line before sending, the limits, and the alarm on an agent's page.

import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { Spent } from "./backend/bindings";
import { sceneOf } from "./backend/memory/scenes";
import { composing } from "./backend/memory/scenes/compose";
import { patient, shown } from "./shown";
import { failureShort, failureWords } from "./text/failure";
import { names } from "./text/names";
import { page } from "./text/page";

afterEach(cleanup);

async function opened(scene: string): Promise<HTMLElement> {
  const { session } = await shown(scene);
  session.dialog = { shows: "usage" };
  return screen.findByRole("dialog", { name: names.usage }, patient);
}

test("the days are a plot, and a table for who does not see it", async () => {
  const dialog = await opened("usage");
  const table = await within(dialog).findByRole("table", { name: page.usage.byDay });
  expect([dialog.querySelectorAll("rect.bar").length, within(table).getAllByRole("row").length]).toEqual([30, 31]);
  expect(within(table).getAllByRole("row").at(-1)?.textContent).toMatch(/^Nov 25 ?\$\d/);
  const lists = [...dialog.querySelectorAll("section")].map((section) => [
    section.querySelector("h3")?.textContent,
    [...section.querySelectorAll(".name")].map((name) => name.textContent),
  ]);
  expect(lists).toEqual([
    [page.usage.byRepository, ["Shop website", "studio-lopes/admin-panel", "Docs"]],
    [page.usage.byModel, [page.usage.defaultModel, "composer-2", page.usage.noModel]],
    [page.usage.byAgent, ["Empty basket illustration", page.usage.untitled]],
  ]);
  await fireEvent.click(within(dialog).getByLabelText(page.usage.days.week));
  await vi.waitFor(() => { expect(dialog.querySelectorAll("rect.bar").length).toBe(7); }, patient);
});

test("what is said of the tokens is whole sentences, one behind the other", async () => {
  const dialog = await opened("usage");
  expect((await within(dialog).findByText(/^Tokens are/)).textContent).not.toMatch(/\.\.|\.[A-Z]/);
});

test("nothing used says what will be here, and an account that is told nothing says that instead", async () => {
  expect(await within(await opened("accounts")).findByText(page.usage.emptyText)).toBeTruthy();
  cleanup();
  const dialog = await opened("usage-unavailable");
  expect(await within(dialog).findByText(page.usage.unavailable)).toBeTruthy();
  expect(within(dialog).queryByText(page.usage.emptyText)).toBe(null);
});

test("an account that is told nothing anymore still shows what was told before, and the older API has its own reason", async () => {
  const scene = sceneOf("usage");
  scene.accounts = scene.accounts.map((account) => ({ ...account, usageUnavailable: true }));
  const { session } = await shown(scene);
  session.dialog = { shows: "usage" };
  const dialog = await screen.findByRole("dialog", { name: names.usage }, patient);
  expect(await within(dialog).findByText(page.usage.unavailable)).toBeTruthy();
  expect(within(dialog).getByRole("table", { name: page.usage.byDay })).toBeTruthy();
  cleanup();
  const older = sceneOf("usage-unavailable");
  older.accounts = older.accounts.map((account) => ({ ...account, olderApi: true }));
  const shownOlder = await shown(older);
  shownOlder.session.dialog = { shows: "usage" };
  const said = await screen.findByRole("dialog", { name: names.usage }, patient);
  expect(await within(said).findByText(page.usage.olderApi)).toBeTruthy();
  expect(within(said).queryByText(page.usage.unavailable), "one reason is enough").toBe(null);
});

test("where no cost is told, tokens are drawn, and it is said of how many runs", async () => {
  const scene = sceneOf("usage");
  const free = (spent: Spent): Spent => ({ ...spent, micros: 0, unpriced: spent.runs });
  const { spending } = scene;
  spending.total = free(spending.total);
  spending.days = spending.days.map(({ day, spent }) => ({ day, spent: free(spent) }));
  for (const parts of ["repositories", "models", "agents"] as const) {
    spending[parts] = spending[parts].map((part) => ({ ...part, spent: free(part.spent) }));
  }
  const { session } = await shown(scene);
  session.dialog = { shows: "usage" };
  const dialog = await screen.findByRole("dialog", { name: names.usage }, patient);
  const table = await within(dialog).findByRole("table", { name: page.usage.byDay });
  expect(within(table).getAllByRole("row")[0]?.textContent).toMatch(new RegExp(`${page.usage.used}$`));
  expect(dialog.textContent, "nothing is drawn as free that may not be").not.toContain("$");
  expect(dialog.textContent).toContain(page.usage.unpriced(spending.total.runs));
});

test("a part whose cost is not told, or not all of it, is not called cheaper than it is", async () => {
  const scene = sceneOf("usage");
  const { spending } = scene;
  const none = { runs: 1, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, micros: 0, unpriced: 1 };
  const spent = [none, { ...none, input: 1_200 }, { ...none, runs: 2, micros: 1_500_000 }];
  spending.models = spent.map((each, index) => ({ of: `model-${index.toString()}`, title: null, spent: each }));
  const { session } = await shown(scene);
  session.dialog = { shows: "usage" };
  const dialog = await screen.findByRole("dialog", { name: names.usage }, patient);
  await within(dialog).findByRole("table", { name: page.usage.byDay });
  const section = [...dialog.querySelectorAll("section")].find((each) => each.querySelector("h3")?.textContent === page.usage.byModel);
  expect([...(section?.querySelectorAll(".amount") ?? [])].map((amount) => amount.textContent)).toEqual([
    "not known yet", "1.2K tokens", "at least $1.50",
  ]);
});

test("a day whose cost is not told is not called free, nor is one used to nothing where no cost is told at all", async () => {
  const none = { runs: 1, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, micros: 0, unpriced: 1 };
  const scene = sceneOf("usage");
  const { spending } = scene;
  spending.days = spending.days.map(({ day, spent }, place) => ({ day, spent: place === spending.days.length - 1 ? none : spent }));
  const { session } = await shown(scene);
  session.dialog = { shows: "usage" };
  const dialog = await screen.findByRole("dialog", { name: names.usage }, patient);
  const table = await within(dialog).findByRole("table", { name: page.usage.byDay });
  expect(within(table).getAllByRole("row").at(-1)?.textContent).toMatch(/^Nov 25 ?not known yet$/);
  expect([...dialog.querySelectorAll("svg title")].at(-1)?.textContent).toBe("Nov 25: not known yet");
  expect(dialog.textContent).toContain(page.usage.followed);
  cleanup();
  const bare = sceneOf("usage");
  bare.spending.total = none;
  bare.spending.models = [{ of: "model", title: null, spent: none }];
  const shownBare = await shown(bare);
  shownBare.session.dialog = { shows: "usage" };
  const said = await screen.findByRole("dialog", { name: names.usage }, patient);
  await within(said).findByRole("table", { name: page.usage.byDay });
  expect([said.querySelector(".total b")?.textContent, said.querySelector("li .amount") === null]).toEqual(["not known yet", false]);
  const models = [...said.querySelectorAll("section")].find((each) => each.querySelector("h3")?.textContent === page.usage.byModel);
  expect(models?.querySelector(".amount")?.textContent).toBe("not known yet");
});

test("what cannot be read is said, and asked for again", async () => {
  const { backend, session } = await shown("usage");
  const read = backend.spending.bind(backend);
  const asked = vi.spyOn(backend, "spending").mockRejectedValueOnce(new Error("disk")).mockImplementation(read);
  session.dialog = { shows: "usage" };
  const dialog = await screen.findByRole("dialog", { name: names.usage }, patient);
  expect(await within(dialog).findByText(page.usage.failed)).toBeTruthy();
  await fireEvent.click(within(dialog).getByRole("button", { name: names.tryAgain }));
  expect(await within(dialog).findByRole("table", { name: page.usage.byDay })).toBeTruthy();
  expect([within(dialog).queryByText(page.usage.failed), asked.mock.calls.length]).toEqual([null, 2]);
});

test("the two kinds of usage refusal are explained apart", () => {
  const [limit, included] = [failureWords({ code: "spendingLimit" }), failureWords({ code: "includedUsageGone" })];
  expect([limit.text, included.text]).toEqual([expect.stringContaining("spending limit"), expect.stringContaining("comes with your plan")]);
  expect(limit.text === included.text || limit.label === included.label).toBe(false);
  expect([failureShort({ code: "spendingLimit" }), failureShort({ code: "includedUsageGone" })]).toEqual([
    "at your limit on Cursor",
    "included usage is used up",
  ]);
});

test("the composer says what it usually costs and that a limit is reached, and sends all the same", async () => {
  const scene = composing({ text: "Make it blue" });
  scene.estimate = { micros: 400_000, runs: 12, sameModel: true };
  scene.spending.outlook = { day: { spent: 5_200_000, limit: 5_000_000 }, week: null };
  await shown(scene);
  const estimate = await screen.findByText("Usually about $0.40 here (12 runs)", {}, patient);
  expect(estimate.title).toBe("An estimate: the cost in the middle of your last 12 runs in this repository with this model.");
  expect(screen.getByText("You have spent $5.20 today, and your own limit is $5.00. You can still send.")).toBeTruthy();
  expect(screen.getByRole("button", { name: names.send }).getAttribute("aria-disabled")).toBe("false");
});

test("an answer says it too, once there is one", async () => {
  const scene = sceneOf("follow-done");
  scene.estimate = { micros: 400_000, runs: 12, sameModel: true };
  const { session } = await shown(scene);
  await screen.findByRole("textbox", { name: names.answer }, patient);
  expect(screen.queryByText(/^Usually/)).toBe(null);
  session.item?.words.write("And round");
  expect(await screen.findByText("Usually about $0.40 here (12 runs)", {}, patient)).toBeTruthy();
});

test("without a past nothing is said", async () => {
  const scene = composing({ text: "Make it blue" });
  const { backend, session } = await shown(scene);
  await vi.waitFor(async () => { expect(await backend.outlook({ into: "draft", id: "draft-open" })).toEqual({ estimate: null, limits: { day: null, week: null } }); });
  expect(screen.queryByText(/^Usually/)).toBe(null);
  // The line does come with a past: what is absent above is not just late.
  scene.estimate = { micros: 400_000, runs: 12, sameModel: true };
  await session.adjust((now) => ({ ...now, spending: { ...now.spending, dayLimit: 1 } }));
  expect(await screen.findByText(/^Usually/, {}, patient)).toBeTruthy();
});

test("limits and alarms are off, are taken as typed, and what is no amount changes nothing", async () => {
  const { backend, session } = await shown("settings");
  session.dialog = { shows: "settings" };
  await screen.findByRole("dialog", { name: names.settings }, patient);
  const type = (name: string, value: string) => fireEvent.change(screen.getByLabelText(name), { target: { value } });
  expect(screen.queryByRole("switch", { name: names.alarmStops })).toBe(null);
  await type(names.dayLimit, "5.50");
  await type(names.alarmTime, "30");
  await vi.waitFor(() => { expect(screen.getByRole("switch", { name: names.alarmStops })).toBeTruthy(); }, patient);
  await type(names.weekLimit, "-3");
  expect([screen.getByLabelText(names.weekLimit).getAttribute("aria-invalid"), session.world.settings.spending]).toEqual([
    "true",
    { dayLimit: 5_500_000, weekLimit: null, alarmSeconds: 1_800, alarmTokens: null, alarmMicros: null, alarmStops: false },
  ]);
  await type(names.dayLimit, "");
  await vi.waitFor(() => { expect(session.world.settings.spending.dayLimit).toBe(null); }, patient);
  expect(backend.asked.filter(({ change }) => change === "settings_change").length).toBe(3);
});

test("a run that went past an alarm says so until another begins", async () => {
  const scene = sceneOf("follow-working");
  const { backend, session } = await shown(scene);
  const agent = session.item?.agent;
  const run = agent?.runs.at(-1)?.id ?? "";
  backend.put(agent?.id ?? "", { alarm: { run, by: "time", stop: "nothing" } });
  expect(await screen.findByText(`${page.usage.alarm("time")} ${page.usage.alarmDid.nothing}`, {}, patient)).toBeTruthy();
  backend.put(agent?.id ?? "", { alarm: { run: "an-earlier-one", by: "time", stop: "nothing" } });
  await vi.waitFor(() => { expect(screen.queryByText(new RegExp(page.usage.alarm("time")))).toBe(null); }, patient);
});
