import { expect, test, vi } from "vitest";
import type { Changes } from "./bindings";
import { Feed, retryAfter } from "./feed";

const news = (revision: number, whole = false): Changes => ({ revision, whole, updates: [{ update: "online", online: true }] });

/** A feed whose answers and sight are turned by hand. */
function rig(visible = true) {
  const asks: { since: number; answer: (changes: Changes) => void; fail: () => void }[] = [];
  const waits: number[] = [];
  const applied: number[] = [];
  const refused: unknown[] = [];
  const state = { visible };
  const feed = new Feed({ view: "home" }, ({ revision }) => applied.push(revision), {
    ask: (since) =>
      new Promise((resolve, reject) => {
        asks.push({ since, answer: resolve, fail: () => { reject(new Error("gone")); } });
      }),
    visible: () => state.visible,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  }, (thrown) => refused.push(thrown));
  return { feed, asks, waits, applied, refused, state };
}

const settled = (): Promise<void> => vi.waitFor(() => Promise.resolve());

test("asks for the whole first, then for what is new, one call at a time", async () => {
  const { feed, asks, applied } = rig();
  feed.start();
  expect(asks.map(({ since }) => since)).toEqual([0]);
  asks[0]?.answer(news(7, true));
  await vi.waitFor(() => { expect(asks.map(({ since }) => since)).toEqual([0, 7]); });
  asks[1]?.answer({ revision: 9, whole: false, updates: [] });
  await vi.waitFor(() => { expect(asks.map(({ since }) => since)).toEqual([0, 7, 9]); });
  // An answer without news moves the revision and is not applied.
  expect(applied).toEqual([7]);
});

test("asks again a second after a failure, from where it was", async () => {
  const { feed, asks, waits, refused } = rig();
  feed.start();
  asks[0]?.answer(news(3, true));
  await vi.waitFor(() => { expect(asks).toHaveLength(2); });
  asks[1]?.fail();
  await vi.waitFor(() => { expect(asks.map(({ since }) => since)).toEqual([0, 3, 3]); });
  expect(waits).toEqual([16, retryAfter]);
  expect(refused).toEqual([new Error("gone")]);
});

test("asks nothing while the page is hidden, and at once when it is seen", async () => {
  const { feed, asks, state } = rig(false);
  feed.start();
  await settled();
  expect(asks).toEqual([]);
  state.visible = true;
  feed.wake();
  await vi.waitFor(() => { expect(asks).toHaveLength(1); });
});

test("drops an answer that comes after it was stopped, and asks for the same again when started", async () => {
  const { feed, asks, applied } = rig();
  feed.start();
  feed.stop();
  asks[0]?.answer(news(5, true));
  await settled();
  expect(applied).toEqual([]);
  feed.start();
  // The dropped answer must not have moved the revision: what it held was never shown.
  expect(asks.map(({ since }) => since)).toEqual([0, 0]);
});
