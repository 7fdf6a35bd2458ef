import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The policy of the desktop window, so that a preview in a browser breaks where the window would.
// `blob:` is for the pictures of the in-memory backend only.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
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
    setupFiles: ["src/testing.ts"],
  },
});
