import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KeyShape, Mark, Repository, Shot } from "../backend/bindings";
import { highlightsOf } from "./asking.svelte";
import { reminds } from "./reminder";
import { findingsOf, lookAfter, placesOf, Secrets } from "./secrets.svelte";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

const shape = (from: number, to: number): KeyShape => ({ from, to, kind: "gitHub" });

test("a value is one finding, however often it stands in the words", () => {
  expect(findingsOf("K1 and K1, K2", [shape(0, 2), shape(7, 9), shape(11, 13), shape(3, 3)])).toEqual([
    { kind: "gitHub", value: "K1" },
    { kind: "gitHub", value: "K2" },
  ]);
});

test("values are found where they are now, the longer of two first", () => {
  expect(placesOf("🙂 ab abc ab", ["ab", "abc", "zz"]), "in units of the page's strings").toEqual([
    { from: 3, to: 5 },
    { from: 6, to: 9 },
    { from: 10, to: 12 },
  ]);
});

/** Finds every `K` with a digit. */
function looking(): { secrets: Secrets; looks: string[] } {
  const looks: string[] = [];
  const secrets = new Secrets((text) => {
    looks.push(text);
    return Promise.resolve([...text.matchAll(/K\d/g)].map(({ index }) => shape(index, index + 2)));
  });
  return { secrets, looks };
}

test("words are looked at once the user rests, and the same words not again", async () => {
  const { secrets, looks } = looking();
  secrets.rest("a");
  await vi.advanceTimersByTimeAsync(lookAfter - 1);
  secrets.rest("a K1");
  await vi.advanceTimersByTimeAsync(lookAfter - 1);
  expect(looks).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  secrets.rest("a K1");
  await vi.advanceTimersByTimeAsync(lookAfter);
  expect([looks, secrets.open("a K1")]).toEqual([["a K1"], [{ kind: "gitHub", value: "K1" }]]);
});

test("what is fine is not asked about again, what is gone neither, and each is told once", async () => {
  const { secrets } = looking();
  expect(await secrets.check("K1 K2")).toEqual([{ kind: "gitHub", value: "K1" }, { kind: "gitHub", value: "K2" }]);
  expect(secrets.untold(secrets.open("K1 K2")).map(({ value }) => value)).toEqual(["K1", "K2"]);
  secrets.accept("K1");
  expect([secrets.open("K1 K2").map(({ value }) => value), secrets.open("K1")]).toEqual([["K2"], []]);
  expect(await secrets.check("K1 K3")).toEqual([{ kind: "gitHub", value: "K3" }]);
  expect(secrets.untold(secrets.open("K1 K3")).map(({ value }) => value)).toEqual(["K3"]);
});

test("an answer about older words does not replace that about newer ones", async () => {
  const answers: ((shapes: KeyShape[]) => void)[] = [];
  const secrets = new Secrets(() => new Promise((resolve) => answers.push(resolve)));
  const older = secrets.check("K1");
  const newer = secrets.check("K1 K2");
  answers[1]?.([shape(0, 2), shape(3, 5)]);
  await newer;
  answers[0]?.([]);
  await older;
  expect(secrets.open("K1 K2").map(({ value }) => value)).toEqual(["K1", "K2"]);
});

test("what cannot be looked at is not held back", async () => {
  const secrets = new Secrets(() => Promise.reject(new Error("gone")));
  expect(await secrets.check("K1")).toEqual([]);
});

test("only numbers of pins that are there look different", () => {
  const pin = (number: number): Shot["markup"]["marks"][number] => ({
    kind: "pin", at: { x: 1, y: 1 }, number, size: 20, color: { red: 0, green: 0, blue: 0 },
  });
  const marked = [{ markup: { crop: null, marks: [pin(1), pin(51)] } }, { markup: { crop: null, marks: [pin(3)] } }];
  expect(highlightsOf("① K1\n② b\n③ (51) (52)", marked, [{ kind: "gitHub", value: "K1" }])).toEqual([
    { from: 2, to: 4, look: "warning" },
    { from: 0, to: 1, look: "number" },
    { from: 9, to: 10, look: "number" },
    { from: 11, to: 15, look: "number" },
  ]);
});

const repository: Repository = {
  url: "https://github.com/a/b", nickname: "", color: 0, uses: 0, lastUsed: null, branches: [], origin: "listed", reminded: false,
};

const shot: Shot = {
  id: "shot-1", hash: "a", mime: "image/png", width: 1, height: 1, bytes: 1, notes: [], original: null,
  markup: { crop: null, marks: [] }, drawing: false,
};
const redact: Mark = { kind: "redact", area: { x: 0, y: 0, width: 1, height: 1 }, color: { red: 0, green: 0, blue: 0 } };

const redacted: Shot = { ...shot, markup: { crop: null, marks: [redact] } };

test.each([
  ["a new repository with a picture", repository, [shot], true],
  ["no picture", repository, [], false],
  ["one that was redacted", repository, [shot, redacted], false],
  ["one that was sent to", { ...repository, lastUsed: 1 }, [shot], false],
  ["one for which it was put away", { ...repository, reminded: true }, [shot], false],
  ["none chosen", undefined, [shot], false],
] as const)("the reminder of what pictures show: %s", (_, chosen, shots, expected) => {
  expect(reminds(chosen, shots)).toBe(expected);
});
