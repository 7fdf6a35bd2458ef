// The whole page over a scene of the in-memory backend, for tests.

import { render } from "@testing-library/svelte";
import { expect, vi } from "vitest";
import App from "./App.svelte";
import { MemoryBackend } from "./backend/memory";
import type { Scene } from "./backend/memory/made";
import { sceneOf } from "./backend/memory/scenes";
import { Session } from "./state/session.svelte";

/** For machines that do other things as well. */
export const patient = { timeout: 10_000 };

/** Draws a scene; resolves when its first item is here. */
export async function shown(scene: string | Scene): Promise<{ backend: MemoryBackend; session: Session }> {
  const backend = new MemoryBackend(typeof scene === "string" ? sceneOf(scene) : scene);
  const session = new Session(
    backend,
    {
      visible: () => true,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      pixelRatio: () => 1,
    },
  );
  session.start();
  render(App, { props: { session } });
  await vi.waitFor(() => {
    const open = session.world.loaded && (session.world.account === null || session.item !== null);
    expect(open || session.blocked !== null).toBe(true);
  }, patient);
  return { backend, session };
}
