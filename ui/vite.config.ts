import { gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// The policy of the desktop window, so that a preview in a browser breaks where the window would.
// `blob:` is for the pictures of the in-memory backend only.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** Most bytes of the first script, compressed: it stands between the start and the first key. */
const firstScriptLimit = 100_000;

/** Weighs what the window loads before it shows anything, and fails the build when that is too much. */
const firstScript: Plugin = {
  name: "first-script",
  generateBundle(_, bundle) {
    const first = new Set<string>();
    const add = (name: string): void => {
      const file = bundle[name];
      if (file?.type !== "chunk" || first.has(name)) return;
      if (file.moduleIds.some((id) => id.endsWith("/backend/memory.ts"))) this.error("the in-memory backend is in the first script");
      first.add(name);
      file.imports.forEach(add);
    };
    for (const file of Object.values(bundle)) if (file.type === "chunk" && file.isEntry) add(file.fileName);
    const bytes = [...first].reduce((sum, name) => {
      const file = bundle[name];
      return sum + (file?.type === "chunk" ? gzipSync(file.code).length : 0);
    }, 0);
    const said = `first script: ${(bytes / 1_000).toFixed(1)} KB compressed, ${(firstScriptLimit / 1_000).toString()} KB at most`;
    if (bytes > firstScriptLimit) this.error(said);
    this.environment.logger.info(said);
  },
};

export default defineConfig({
  plugins: [svelte(), firstScript],
  clearScreen: false,
  // Tests read which words the shell asks for, and what the core draws.
  server: { port: 5173, strictPort: true, ...(process.env["VITEST"] ? { fs: { allow: [".", "../src-tauri/src", "../src-tauri/crates/core/src", "../src-tauri/crates/shots/src", "../tests/fixtures"] } } : {}) },
  preview: { port: 4173, headers: { "Content-Security-Policy": policy } },
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  build: {
    target: ["es2022", "safari17"],
    // Inlined assets would be `data:` addresses, which the policy of the window refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    // Generous, for machines that do other things as well.
    testTimeout: 20_000,
    // Styles are left out, but for those that a test reads.
    css: { include: [/tokens\.css/] },
    setupFiles: ["src/testing.ts"],
  },
});
