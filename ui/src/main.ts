// Where the page begins: it finds its backend, mounts, and says when the first frame is painted.

import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/reset.css";
import { flushSync, mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend/backend";
import { backend as shell } from "./backend/tauri";
import type { ItemView } from "./state/item.svelte";
import { Session } from "./state/session.svelte";

async function backendHere(): Promise<{ backend: Backend; first: ItemView | null }> {
  if ("__TAURI_INTERNALS__" in window) return { backend: shell, first: null };
  const memory = (await import("./backend/memory")).fromQuery(new URLSearchParams(location.search));
  return { backend: memory, first: memory.scene.open };
}

const target = document.getElementById("app");
if (target !== null) {
  const { backend, first } = await backendHere();
  const session = new Session(
    backend,
    {
      visible: () => document.visibilityState === "visible",
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      pixelRatio: () => devicePixelRatio,
    },
    first,
  );
  document.addEventListener("visibilitychange", () => { session.sight(document.visibilityState === "visible"); });
  addEventListener("pagehide", () => void session.item?.words.flush());
  addEventListener("blur", () => void session.item?.words.flush());
  session.start();
  mount(App, { target, props: { session } });
  flushSync();
  // The second frame begins when the first is painted.
  requestAnimationFrame(() => requestAnimationFrame(() => void backend.ready().catch(() => undefined)));
}
