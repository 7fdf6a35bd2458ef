import { expect, test } from "vitest";
import { models } from "../backend/memory/models";
import { Models, modelsOf } from "./models.svelte";

test("each variant is a choice under its whole name, and the older API has the names alone", () => {
  expect(modelsOf(models, false).map(({ label }) => label)).toEqual([
    "Composer 2", "Opus 5, High", "Opus 5, Medium", "GPT-6, High", "GPT-6, Medium", "GPT-6, Low",
  ]);
  expect(modelsOf(models, true).map(({ choice }) => choice)).toEqual([
    { id: "composer-2", parameters: [], name: "Composer 2" },
    { id: "opus-5", parameters: [], name: "Opus 5" },
    { id: "gpt-6", parameters: [], name: "GPT-6" },
  ]);
});

test("a list that cannot be had leaves the one before it, and says so", async () => {
  let fails = false;
  const list = new Models(() => (fails ? Promise.reject(new Error("no")) : Promise.resolve(models)));
  expect(list.trouble).toBe("loading");
  await list.ask();
  expect([list.list.length, list.trouble]).toEqual([3, null]);
  fails = true;
  await list.ask();
  expect([list.list.length, list.trouble]).toEqual([3, "failed"]);
});
