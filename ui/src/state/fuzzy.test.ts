import { expect, test } from "vitest";
import { candidatesOf, fit, type Found, found, piecesOf, search } from "./fuzzy";

const marked = (text: string, query: string): string =>
  piecesOf(text, query).map(([piece, is]) => (is ? `[${piece}]` : piece)).join("");

test.each([
  ["Shop website", "shop", "[Shop] website"],
  ["Shop website", "shpweb", "[Sh]o[p] [web]site"],
  ["Shop website", "web shop", "[Shop] [web]site"],
  ["unshop shop", "shop", "unshop [shop]"],
  ["Shop website", "", "Shop website"],
  ["Shop", "docs", "Shop"],
  ["İstanbul map", "map", "İstanbul [map]"],
  ["a\u{1f600}b", "ab", "[a]\u{1f600}[b]"],
  ["\u202egnihsif\u202c fix", "fix", "\u202egnihsif\u202c [fix]"],
])("in %s the letters of %s are marked", (text, query, pieces) => {
  expect(marked(text, query)).toBe(pieces);
});

test("the pieces together are the text, whatever is in it", () => {
  const text = "\ud800 half, \u202e\u2066turned, \u0130\u1e9e, <b>&amp;";
  expect(piecesOf(text, "half turned b \u0130").map(([piece]) => piece).join("")).toBe(text);
});

test("every word has to fit, in any order; the start of a word fits better", () => {
  const texts = ["Workshop door", "Shop door", "Shop window"];
  expect(found(texts, "door shop", (text) => text)).toEqual(["Shop door", "Workshop door"]);
  expect(fit("Shop door", "shop wall")).toBeNull();
});

const words = ["Button", "Chart", "Footer", "Header", "Price", "Photo", "Search", "Basket"];
const many = Array.from({ length: 10_000 }, (_, index) => `${words[index % 8] ?? ""} looks wrong on page ${index.toString()} studio/${words[(index * 7) % 8] ?? ""}-site`);

test("a longer query finds in what the shorter one found just what it would find in all", () => {
  const candidates = candidatesOf(many, (text) => text);
  let before: Found<string> | null = null;
  for (const query of ["", "b", "bt", "bt ", "bt 9", "bt 99", "bt 9", "x", "bas on"]) {
    before = search(candidates, query, 50, before);
    expect(before.best).toEqual(search(candidates, query, 50).best);
  }
});

test("10,000 texts are looked through well within a frame", () => {
  const candidates = candidatesOf(many, (text) => text);
  const queries = ["b", "bt", "lks wrng", "page 99", "studio chart", "zzz", "on"];
  for (const query of queries) search(candidates, query, 50);
  const times = queries.map((query) => {
    const rounds = Array.from({ length: 9 }, () => {
      const begun = performance.now();
      search(candidates, query, 50);
      return performance.now() - begun;
    });
    return rounds.sort((one, other) => one - other)[4] ?? 0;
  });
  // 3 ms on a quiet machine; others work on this one as well.
  expect(Math.max(...times)).toBeLessThan(25);
});
