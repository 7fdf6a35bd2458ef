// Words that nothing shows are not kept, and the shell has a word for every key that it reads.

import { expect, test } from "vitest";
import { links } from "./links";
import { names } from "./names";
import native from "./native.json";
import { page } from "./page";

const ui = import.meta.glob<string>(["../**/*.{svelte,ts}", "!../**/*.test.ts"], { query: "?raw", import: "default", eager: true });
const shell = import.meta.glob<string>("../../../src-tauri/src/**/*.rs", { query: "?raw", import: "default", eager: true });
const exported = import.meta.glob<string>("../../../src-tauri/crates/core/src/{export/*,engine/exporting}.rs", { query: "?raw", import: "default", eager: true });
const source = Object.values(ui).join("\n");

/** The whole names of what a table holds. */
const pathsOf = (table: object, under: string): string[] =>
  Object.entries(table).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? pathsOf(value as object, `${under}.${key}`) : [`${under}.${key}`],
  );

test("no word that is shown is one of programmers", () => {
  const told = Object.values(native);
  const spoken = Object.entries(ui).filter(([path]) => path.startsWith("./")).flatMap(([, text]) => text.match(/"[^"\n]* [^"\n]*"|`[^`]* [^`]*`/g) ?? []).concat(told);
  expect([spoken.length > 300, spoken.filter((words) => /\b(API|JSON|HTTP|v0|v1|cache|telemetry|endpoint)\b/.test(words))]).toEqual([true, []]);
});

test("every word of the page is shown somewhere", () => {
  const used = new Set(source.match(/\b(?:page|names|words|links)(?:\.\w+)+/g) ?? []);
  const all = [...pathsOf(page, "page"), ...pathsOf(names, "names"), ...pathsOf(links, "links")];
  // The lightbox is given the table of names as its words.
  const unused = all.filter((path) => !used.has(path) && !used.has(path.replace(/^names/, "words")));
  expect([Object.keys(ui).length > 50, unused]).toEqual([true, []]);
});

test("the words of the shell are those that it reads", () => {
  const keys = Object.values(shell).flatMap((text) => text.match(/(?<=")(?:app\.name|(?:tray|notice|dialog|menu)(?:\.[a-z_]+)+)(?=")/g) ?? []);
  keys.push(...Object.values(exported).flatMap((text) => text.match(/(?<=")(?:export|step)(?:\.[a-z_]+)+(?=")/g) ?? []));
  expect(Object.keys(native).sort()).toEqual([...new Set(keys)].sort());
});
