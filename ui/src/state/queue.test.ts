import { expect, test } from "vitest";
import type { FollowUp, FollowUpState } from "../backend/bindings";
import { stepOf } from "./queue";

const queueOf = (...states: FollowUpState["state"][]): FollowUp[] =>
  states.map((state, place) => ({ id: place.toString(), text: "", shots: [], planFirst: false, model: null, state: { state } as FollowUpState }));

test.each([
  // What stands in the queue, and the places that the middle one takes: one earlier, one later.
  [queueOf("queued", "queued", "waiting"), 0, 2],
  [queueOf("rejected", "waiting", "rejected"), 0, 2],
  [queueOf("sending", "queued", "queued"), null, 2],
  [queueOf("uncertain", "queued", "needsDecision"), null, null],
  [queueOf("queued", "sending", "queued"), null, null],
  [queueOf("queued", "rejected", "queued"), null, null],
])("nothing goes before what may have left: %#", (queue, earlier, later) => {
  expect([stepOf(queue, "1", true), stepOf(queue, "1", false)]).toEqual([earlier, later]);
});

test("the ends are ends, and what is gone has no place", () => {
  const queue = queueOf("queued", "queued");
  expect([stepOf(queue, "0", true), stepOf(queue, "1", false), stepOf(queue, "2", true), stepOf(queue, "2", false)]).toEqual([
    null, null, null, null,
  ]);
});
