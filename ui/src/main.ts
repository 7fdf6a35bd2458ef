// Where the page begins: it finds its backend, mounts, and says when the first frame is painted.

import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/reset.css";
import { flushSync, mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { backend as shell } from "./backend/tauri";
import { Session } from "./state/session.svelte";

async function backendHere(): Promise<Backend> {
  if ("__TAURI_INTERNALS__" in window) return shell;
  return (await import("./backend/memory")).fromQuery(new URLSearchParams(location.search));
}

const target = document.getElementById("app");
if (target !== null) {
  const backend = await backendHere();
  let shown = false;
  const session = new Session(
    backend,
    {
      // The window is shown when there is something to see: until then its page counts as seen.
      visible: () => !shown || document.visibilityState === "visible",
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      pixelRatio: () => devicePixelRatio,
    },
  );
  document.addEventListener("visibilitychange", () => { session.sight(document.visibilityState === "visible"); });
  addEventListener("pagehide", () => void session.leave());
  addEventListener("blur", () => void session.item?.flush());
  session.start();
  mount(App, { target, props: { session } });
  await session.came;
  flushSync();
  // No frame is waited for: a web view paints none before its window is shown.
  try {
    await backend.ready();
  } finally {
    shown = true;
  }
}
