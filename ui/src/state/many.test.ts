import { expect, test, vi } from "vitest";
import { Refusal } from "../backend/backend";
import type { Row } from "../backend/bindings";
import { MemoryBackend } from "../backend/memory";
import { row, shop } from "../backend/memory/made";
import { sceneOf } from "../backend/memory/scenes";
import { changeOf } from "./many.svelte";
import { Session } from "./session.svelte";

const agent = (over: Partial<Row>): Row => ({ ...row("bc-1", "One", null, shop, { is: "done", pullRequest: false }, 0), ...over });

test("a deed is asked of the rows that it is for", () => {
  const [done, working] = [agent({}), agent({ group: "working" })];
  const archived = agent({ archived: true });
  const draft = agent({ target: { open: "draft", id: "d" }, group: "notSent" });
  const launch = agent({ target: { open: "launch", id: "l" }, group: "working" });
  const asked = (deed: "stop" | "archive" | "delete"): unknown[] =>
    [done, working, archived, draft, launch].map((row) => changeOf(deed, row)?.change ?? null);
  expect([asked("stop"), asked("archive"), asked("delete")]).toEqual([
    [null, "agent_stop", null, null, null],
    ["agent_archive", "agent_archive", null, null, null],
    ["agent_delete", "agent_delete", "agent_delete", "draft_delete", null],
  ]);
});

test("each that can be brought back is, and the rest is told with a button for all of it", async () => {
  const backend = new MemoryBackend(sceneOf("list"));
  const change = backend.change.bind(backend);
  let gone = true;
  const back: string[] = [];
  backend.change = (asked) => {
    if (asked.change !== "agent_archive" || asked.archived) return change(asked);
    if (gone && asked.agent === "bc-a") return Promise.reject(new Refusal({ code: "offline" }));
    back.push(asked.agent);
    return Promise.resolve(null);
  };
  const session = new Session(backend, { visible: () => true, wait: () => Promise.resolve(), pixelRatio: () => 1 });
  session.many.archived = ["bc-a", "bc-b"];
  await session.many.undo();
  expect([back, session.trouble]).toEqual([["bc-b"], { code: "offline" }]);
  gone = false;
  session.repeat?.();
  await vi.waitFor(() => { expect(back).toEqual(["bc-b", "bc-a"]); });
});

test("all are asked for at once, so that closing the window leaves none out, and what is done is counted", async () => {
  const backend = new MemoryBackend(sceneOf("list"));
  const session = new Session(backend, { visible: () => true, wait: () => Promise.resolve(), pixelRatio: () => 1 });
  session.start();
  await vi.waitFor(() => { expect(session.world.rows.length).toBeGreaterThan(3); });
  const answers = new Map<string, (failure: Refusal | null) => void>();
  backend.change = (asked) =>
    new Promise((resolve, reject) => {
      if (asked.change !== "agent_delete") throw new Error(`not asked for: ${asked.change}`);
      answers.set(asked.agent, (failure) => { if (failure === null) resolve(null); else reject(failure); });
    });
  const rows = session.world.rows.map(({ row }) => row).filter(({ target }) => target.open === "agent").slice(0, 3);
  for (const row of rows) session.many.toggle(row);
  const over = session.many.act("delete");
  const [first, second, third] = rows;
  if (first === undefined || second === undefined || third === undefined) throw new Error("the scene has too few agents");
  expect([[...answers.keys()].sort(), session.many.under]).toEqual([
    rows.map(({ target }) => target.id).sort(),
    { deed: "delete", done: 0, of: 3 },
  ]);
  answers.get(third.target.id)?.(null);
  await vi.waitFor(() => { expect(session.many.under).toEqual({ deed: "delete", done: 1, of: 3 }); });
  answers.get(first.target.id)?.(new Refusal({ code: "offline" }));
  answers.get(second.target.id)?.(null);
  await over;
  expect([session.many.under, session.many.outcome]).toEqual([
    null,
    { deed: "delete", done: 2, undone: [{ key: first.key, title: first.title, failure: { code: "offline" } }] },
  ]);
});
