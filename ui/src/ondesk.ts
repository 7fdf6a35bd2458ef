// The desk over the whole page, for its tests: what a hand and a keyboard do on it.

import { fireEvent, screen } from "@testing-library/svelte";
import { expect, vi } from "vitest";
import { Refusal } from "./backend/backend";
import type { MemoryBackend } from "./backend/memory";
import type { Change, Draft, Mark, Markup, Shot } from "./backend/bindings";
import { patient, shown } from "./shown";
import type { Session } from "./state/session.svelte";
import { names } from "./text/names";

export type Marking = Extract<Change, { change: "shot_mark" }>;

/** Opens the first picture of a scene on the desk. */
export async function onDesk(scene = "compose", picture = "Picture 1 of 2"): Promise<{ backend: MemoryBackend; session: Session; stage: HTMLElement }> {
  const { backend, session } = await shown(scene);
  const face = await screen.findByRole("button", { name: picture });
  face.focus();
  await fireEvent.keyDown(face, { key: "Enter" });
  const dialog = await screen.findByRole("dialog", { name: names.desk }, patient);
  const stage = dialog.querySelector<HTMLElement>(".stage");
  if (stage === null) throw new Error("no stage");
  stage.setPointerCapture = () => undefined;
  return { backend, session, stage };
}

/** Pulls the pointer from one place of the picture to another. */
export async function pull(stage: HTMLElement, from: [number, number], to = from, more: MouseEventInit = {}): Promise<void> {
  // Without a layout the picture lies in the corner, a pixel on a pixel.
  const at = ([clientX, clientY]: [number, number]) => ({ clientX, clientY, button: 0, ...more });
  await fireEvent.pointerDown(stage, at(from));
  await fireEvent.pointerMove(stage, at(to));
  await fireEvent.pointerUp(stage, at(to));
}

export const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
  await fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
};

export const markings = (backend: MemoryBackend): Marking[] => backend.asked.filter((change): change is Marking => change.change === "shot_mark");

export const draftOf = (session: Session): Draft => {
  const draft = session.item?.draft;
  if (!draft) throw new Error("no draft");
  return draft;
};

export const shotOf = (session: Session, index = 0): Shot => {
  const shot = draftOf(session).shots[index];
  if (shot === undefined) throw new Error("no picture");
  return shot;
};

/** Waits until the marks of as many pictures are drawn in. */
export async function drawn(session: Session, count: number): Promise<void> {
  await vi.waitFor(() => {
    const { shots } = draftOf(session);
    expect([shots.filter(({ original }) => original !== null).length, shots.some(({ drawing }) => drawing)]).toEqual([count, false]);
  }, patient);
}

export const kinds = ({ marks }: Markup): Mark["kind"][] => marks.map(({ kind }) => kind);
export const marksShown = (): string[] => [...document.querySelectorAll("svg.marks [data-index]")].map((mark) => mark.getAttribute("aria-label") ?? "");

/** Refuses marks until told otherwise. */
export function refusing(backend: MemoryBackend): { refuse: boolean } {
  const told = { refuse: true };
  const change = backend.change.bind(backend);
  backend.change = (asked) =>
    told.refuse && asked.change === "shot_mark" ? Promise.reject(new Refusal({ code: "marksTooMuchText", characters: 20_000, limit: 10_000 })) : change(asked);
  return told;
}
