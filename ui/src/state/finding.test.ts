// Keys that follow each other ask once, and an answer that comes late is nobody's.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Found, Hit } from "../backend/bindings";
import { Finding } from "./finding.svelte";

const hit = (agent: string): Hit => ({ agent, title: agent, run: null, place: { place: "block", id: "b" }, at: 1, snippet: [] });

/** A core whose answers come when they are told to. */
function slow(): { asked: { words: string; answer: (found: Found) => void; refuse: () => void }[]; search: (words: string) => Promise<Found> } {
  const asked: ReturnType<typeof slow>["asked"] = [];
  return {
    asked,
    search: (words) => new Promise<Found>((answer, refuse) => { asked.push({ words, answer, refuse: () => { refuse(new Error()); } }); }),
  };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const settled = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

test("only the words at rest are asked for", async () => {
  const core = slow();
  const finding = new Finding(core.search);
  for (const words of ["l", "lo", "log"]) {
    finding.look(words);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect([core.asked.length, finding.waiting]).toEqual([0, true]);
  await vi.advanceTimersByTimeAsync(100);
  expect(core.asked.map(({ words }) => words)).toEqual(["log"]);
  core.asked[0]?.answer({ hits: [hit("one")], cut: false });
  await settled();
  expect([finding.hits.length, finding.waiting]).toEqual([1, false]);
});

test("the places of an agent stand together, at its best one, and few of them", async () => {
  const core = slow();
  const finding = new Finding(core.search);
  finding.look("login");
  await vi.advanceTimersByTimeAsync(200);
  const found = [["one", 1], ["two", 2], ["one", 3], ["three", 4], ["one", 5], ["one", 6], ["one", 7], ["two", 8], ["one", 9], ["one", 10]] as const;
  core.asked[0]?.answer({ hits: found.map(([agent, at]) => ({ ...hit(agent), at })), cut: false });
  await settled();
  expect(finding.hits.map(({ at }) => at)).toEqual([1, 3, 5, 6, 7, 2, 8, 4]);
  expect([...finding.more]).toEqual([["one", 2]]);
});

test("an answer to older words is dropped, whenever it comes", async () => {
  const core = slow();
  const finding = new Finding(core.search);
  finding.look("login");
  await vi.advanceTimersByTimeAsync(200);
  finding.look("logo");
  await vi.advanceTimersByTimeAsync(200);
  core.asked[1]?.answer({ hits: [hit("new")], cut: false });
  await settled();
  core.asked[0]?.answer({ hits: [hit("old")], cut: false });
  await settled();
  expect(finding.hits.map(({ agent }) => agent)).toEqual(["new"]);
});

test("clearing takes everything away, and what comes after it", async () => {
  const core = slow();
  const finding = new Finding(core.search);
  finding.look("login");
  await vi.advanceTimersByTimeAsync(200);
  finding.seek(hit("one"));
  expect(finding.sought).toEqual({ agent: "one", place: { place: "block", id: "b" }, words: "login" });
  finding.look("");
  core.asked[0]?.answer({ hits: [hit("late")], cut: false });
  await settled();
  expect([finding.hits, finding.sought, finding.waiting]).toEqual([[], null, false]);
});

test("a refusal is said and the next words ask again", async () => {
  const core = slow();
  const finding = new Finding(core.search);
  finding.look("login");
  await vi.advanceTimersByTimeAsync(200);
  core.asked[0]?.refuse();
  await settled();
  expect([finding.failed, finding.hits]).toEqual([true, []]);
  finding.look("login form");
  await vi.advanceTimersByTimeAsync(200);
  core.asked[1]?.answer({ hits: [hit("one")], cut: false });
  await settled();
  expect([finding.failed, finding.hits.length]).toEqual([false, 1]);
});
