// Text meets WCAG AA on everything it stands on, in light and dark.

import { expect, test } from "vitest";
import row from "../features/agents/AgentRow.svelte?raw";
import tokens from "./tokens.css?raw";

type Color = readonly [number, number, number];
type Theme = "light" | "dark";

const least = 4.5;

const hex = (color: string): Color => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255) as unknown as Color;

/** The color of a token. */
function token(name: string, theme: Theme): Color {
  const found = new RegExp(`--${name}: (?:light-dark\\((#\\w{6}), (#\\w{6})\\)|(#\\w{6}));`).exec(tokens);
  const color = found?.[3] ?? (theme === "light" ? found?.[1] : found?.[2]);
  if (color === undefined) throw new Error(`no such color: ${name}`);
  return hex(color);
}

const linear = ([red, green, blue]: Color): Color => {
  const one = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return [one(red), one(green), one(blue)];
};

const times = (rows: readonly Color[], color: Color): Color =>
  rows.map((factors) => factors.reduce((sum, factor, at) => sum + factor * (color[at] ?? 0), 0)) as unknown as Color;

const each = (color: Color, change: (part: number) => number): Color => color.map(change) as unknown as Color;

// From linear sRGB to OKLab and back, by the matrices of CSS Color 4.
const toCones: Color[] = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const toLab: Color[] = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const fromLab: Color[] = [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]];
const fromCones: Color[] = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]];

/** `color-mix(in oklab, one share, other)`, as linear sRGB. */
function mixed(one: Color, share: number, other: Color): Color {
  const [first, second] = [one, other].map((color) => times(toLab, each(times(toCones, linear(color)), Math.cbrt))) as [Color, Color];
  const lab = first.map((part, at) => part * share + (second[at] ?? 0) * (1 - share)) as unknown as Color;
  return times(fromCones, each(times(fromLab, lab), (part) => part ** 3));
}

const luminance = ([red, green, blue]: Color): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** The contrast of two linear colors. */
function contrast(one: Color, other: Color): number {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (more + 0.05) / (less + 0.05);
}

const themes = ["light", "dark"] as const;
const papers = ["paper", "rail", "raised", "sunken", "hover", "over"];
const pairs: [string, string][] = [
  ...["ink", "quiet", "faint"].flatMap((text) => papers.map((under): [string, string] => [text, under])),
  ...["amber", "red", "green"].flatMap((text) => ["paper", "rail", "raised", `${text}-wash`].map((under): [string, string] => [text, under])),
  ...["keyword", "text", "number", "type", "function", "property"].flatMap((kind) => ["sunken", "paper"].map((under): [string, string] => [`code-${kind}`, under])),
  ["green", "sunken"],
  ["red", "sunken"],
  ["quiet", "desk"],
  ["ink", "desk"],
  ["quiet", "red-wash"],
  // Lines of a change.
  ["ink", "red-wash"],
  ["ink", "green-wash"],
  ["ink", "accent-wash"],
  ["accent", "accent-wash"],
  ["accent", "raised"],
  ["accent-ink", "accent"],
  ["accent-ink", "accent-hover"],
];

test.each(themes)("every pair of colors that text is drawn in can be read: %s", (theme) => {
  const poor = pairs
    .map(([text, under]) => [`${text} on ${under}`, contrast(linear(token(text, theme)), linear(token(under, theme)))] as const)
    .filter(([, ratio]) => ratio < least);
  expect(poor).toEqual([]);
});

test.each(themes)("the letter of a repository can be read in each of its colors: %s", (theme) => {
  /** Share and other color of a mix, from the style of the row. */
  const mix = (property: string): [number, Color] => {
    const found = new RegExp(`\\n    ${property}: color-mix\\(in oklab, var\\(--dot\\) (\\d+)%, var\\(--(\\w+)\\)\\);`).exec(row);
    if (found?.[1] === undefined || found[2] === undefined) throw new Error(`the row has no mixed ${property}`);
    return [Number(found[1]) / 100, token(found[2], theme)];
  };
  const [letter, under] = [mix("color"), mix("background")];
  const poor = Array.from({ length: 12 }, (_, index) => {
    const dot = token(`dot-${index.toString()}`, theme);
    return [index, contrast(mixed(dot, ...letter), mixed(dot, ...under))] as const;
  }).filter(([, ratio]) => ratio < least);
  expect(poor).toEqual([]);
});
