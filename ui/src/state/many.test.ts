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
