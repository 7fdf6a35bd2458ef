import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import typescript from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const features = ["compose", "annotate", "agents", "transcript", "accounts", "settings", "switcher"];

/** Imports of the shell's packages, allowed in `src/backend/` alone. */
const shell = {
  group: ["@tauri-apps/*"],
  message: "Only src/backend/ talks to the shell.",
};

/** Where a page could keep something. */
const stores = ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"];
const kept = "Nothing is kept by the page: the core keeps it.";

/** What a folder may not import: `patterns` on top of the shell's packages. */
const folder = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [shell, ...patterns] }] },
});

export default typescript.config(
  { ignores: ["dist/", "src/backend/bindings.ts"] },
  js.configs.recommended,
  ...typescript.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
      // Maps here are indexes beside reactive lists, never shown themselves: reactive ones would cost and bring nothing.
      "svelte/prefer-svelte-reactivity": "off",
      "no-restricted-globals": [
        "error",
        ...stores.map((name) => ({ name, message: kept })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "document", property: "cookie", message: kept },
        ...["window", "globalThis", "self"].flatMap((object) =>
          stores.map((property) => ({ object, property, message: kept })),
        ),
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
          message: "Nothing from outside is ever put into the page as HTML.",
        },
        {
          selector: "SvelteAttribute[key.name='style']",
          message: "The policy of the window refuses style attributes; use a class or a style: directive.",
        },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: typescript.parser, svelteConfig } },
  },
  { files: ["*.config.{js,ts}"], languageOptions: { globals: { ...globals.node } } },
  folder(["src/*.{ts,svelte}"], []),
  folder(["src/text/**"], [
    { group: ["**/backend/*", "!**/backend/bindings"], message: "Words know the types, not the backend." },
    { group: ["**/state/*", "**/features/**", "**/widgets/*"], message: "Words know the types alone." },
  ]),
  folder(["src/state/**"], [
    { group: ["**/features/**", "**/widgets/*"], message: "State knows no components." },
  ]),
  folder(["src/widgets/**"], [
    { group: ["**/backend/*", "**/state/*", "**/features/**"], message: "Widgets know nothing of the app." },
  ]),
  ...features.map((feature) =>
    folder(
      [`src/features/${feature}/**`],
      [
        {
          group: features.filter((other) => other !== feature).map((other) => `**/${other}/*`),
          message: "Features never import each other.",
        },
      ],
    ),
  ),
);
