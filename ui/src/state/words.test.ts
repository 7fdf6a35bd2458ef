import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saveAfter, Words } from "./words.svelte";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test("saves the latest words once, within 150 ms of the first key", async () => {
  const saved: string[] = [];
  const words = new Words("", (text) => Promise.resolve(saved.push(text)));
  for (const text of ["a", "ab", "abc"]) {
    words.write(text);
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(saved).toEqual([]);
  await vi.advanceTimersByTimeAsync(saveAfter - 90);
  expect(saved).toEqual(["abc"]);
  expect(saveAfter).toBeLessThanOrEqual(150);
});

test("a flush saves at once and resolves when all is saved, in order, one save at a time", async () => {
  const saved: string[] = [];
  const release: (() => void)[] = [];
  const words = new Words("", (text) => {
    saved.push(text);
    return new Promise<void>((resolve) => release.push(resolve));
  });
  words.write("one");
  const first = words.flush();
  words.write("one two");
  const second = words.flush();
  await vi.advanceTimersByTimeAsync(0);
  // The second save waits for the first: two under way could arrive in the other order.
  expect(saved).toEqual(["one"]);
  release[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(saved).toEqual(["one", "one two"]);
  release[1]?.();
  await Promise.all([first, second]);
  expect(words.dirty).toBe(false);
});

test("what the core echoes never replaces what the user types", () => {
  const words = new Words("", () => Promise.resolve());
  words.adopt("from the disk");
  expect(words.text).toBe("from the disk");
  words.write("from the disk, and more");
  words.adopt("from the disk");
  expect(words.text).toBe("from the disk, and more");
});

test("a refused save keeps the words and says so; the next key saves again", async () => {
  let refuse = true;
  const saved: string[] = [];
  const words = new Words("", (text) => {
    if (refuse) return Promise.reject(new Error("disk full"));
    saved.push(text);
    return Promise.resolve();
  });
  words.write("kept");
  await words.flush();
  expect([words.text, words.unsaved, words.dirty]).toEqual(["kept", true, true]);
  refuse = false;
  words.write("kept!");
  await vi.advanceTimersByTimeAsync(saveAfter);
  expect([saved, words.unsaved, words.dirty]).toEqual([["kept!"], false, false]);
});

test("words that were typed back to what is saved are not called unsaved", async () => {
  const words = new Words("kept", () => Promise.reject(new Error("disk full")));
  words.write("kept, and more");
  await words.flush();
  expect(words.unsaved).toBe(true);
  words.write("kept");
  await vi.advanceTimersByTimeAsync(saveAfter);
  expect([words.unsaved, words.dirty]).toEqual([false, false]);
});

test("what is written while words are sent is saved after it, and never sent along", async () => {
  const saved: string[] = [];
  const words = new Words("", (text) => { saved.push(text); return Promise.resolve(); });
  words.write("Make it blue");
  await words.flush();
  let over: () => void = () => undefined;
  const sending = words.hold(() => new Promise<void>((resolve) => { over = resolve; }));
  words.write("Make it blue, and round");
  await words.flush();
  await vi.advanceTimersByTimeAsync(500);
  expect(saved).toEqual(["Make it blue"]);
  over();
  await sending;
  words.sent("Make it blue");
  await vi.advanceTimersByTimeAsync(500);
  expect([words.text, saved]).toEqual([", and round", ["Make it blue", ", and round"]]);
});
