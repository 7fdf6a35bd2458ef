// Taking a picture away, and putting it back: its pins leave the words with it, and the others close up.

import type { Change, Marked, Markup, Shot, ShotId } from "../backend/bindings";
import type { Item } from "./item.svelte";
import { countPins, pinsOf, settled } from "./marks/pins";
import { targetOf } from "./sending";
import type { Session } from "./session.svelte";

/** A picture that was taken away. */
export interface Removed {
  shot: Shot;
  /** The place it had. */
  index: number;
  /** The words before, and those that its going left. */
  before: string;
  after: string;
  /** The marks of the other pictures before, where they changed. */
  markups: ReadonlyMap<ShotId, { before: Markup; after: Markup }>;
}

const shotsOf = (item: Item): readonly Shot[] => item.draft?.shots ?? item.agent?.answer.shots ?? [];

/** Puts marks and words there, if any of them are others. */
async function put(session: Session, item: Item, marked: Marked[], text: string): Promise<void> {
  const spoken = text !== item.words.text;
  if (spoken) item.words.write(text);
  if (marked.length > 0 || spoken) {
    await session.act({ change: "shot_mark", target: targetOf(item.view), marked, text: spoken ? text : null });
  }
}

/** Takes a picture away. */
export async function removeShot(session: Session, item: Item, index: number): Promise<void> {
  const shots = shotsOf(item);
  const shot = shots[index];
  if (shot === undefined) return;
  const { view } = item;
  const change: Change =
    view.view === "agent" ? { change: "answer_shot_remove", agent: view.id, index } : { change: "draft_shot_remove", draft: view.id, index };
  if ((await session.act(change)) === undefined) return;
  const before = item.words.text;
  const others = shots.filter((other) => other !== shot);
  const pins = pinsOf([shot.markup]).length;
  const left = settled({ markups: others.map(({ markup }) => markup), text: before }, pins === 0 ? 0 : countPins(shots.map(({ markup }) => markup)));
  const markups = new Map<ShotId, { before: Markup; after: Markup }>();
  if (pins > 0) {
    for (const [place, { id, markup }] of others.entries()) {
      const after = left.markups[place] ?? markup;
      if (after !== markup) markups.set(id, { before: markup, after });
    }
  }
  item.removed = [...item.removed, { shot, index, before, after: left.text, markups }];
  await put(session, item, [...markups].map(([id, { after }]) => ({ shot: id, markup: after })), left.text);
}

const same = (one: Markup | undefined, other: Markup): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Puts the picture back that was taken away last, with its pins. */
export async function restoreShot(session: Session, item: Item): Promise<void> {
  const removed = item.removed.at(-1);
  if (removed === undefined) return;
  item.removed = item.removed.slice(0, -1);
  const { shot, index } = removed;
  const here = shotsOf(item);
  if ((await session.act({ change: "shot_restore", target: targetOf(item.view), shot: shot.id, index })) === undefined) return;
  if (pinsOf([shot.markup]).length === 0) return;
  // The feed may not have told of the new numbers yet.
  const untouched = [...removed.markups].every(([id, { before, after }]) => {
    const markup = here.find((other) => other.id === id)?.markup;
    return same(markup, after) || same(markup, before);
  });
  if (untouched && item.words.text === removed.after) {
    await put(session, item, [...removed.markups].map(([id, { before }]) => ({ shot: id, markup: before })), removed.before);
    return;
  }
  // Others have taken its numbers since: its pins come last, and the words do not speak of them.
  const count = countPins(here.map(({ markup }) => markup));
  const last = { ...shot.markup, marks: shot.markup.marks.map((mark) => (mark.kind === "pin" ? { ...mark, number: mark.number + count } : mark)) };
  const [markup] = settled({ markups: [last, ...here.map((other) => other.markup)], text: "" }, 0).markups;
  if (markup !== undefined) await put(session, item, [{ shot: shot.id, markup }], item.words.text);
}
