import { expect, test } from "vitest";
import type { Row } from "../backend/bindings";
import { row, shop } from "../backend/memory/made";
import { changeOf } from "./many.svelte";

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
