// Taking a picture away, and putting it back: its pins leave the words with it, and the others close up.

import { failureOf } from "../backend/backend";
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

/** The pictures with what is drawn on them, whether the feed has told of it or not. */
const shotsOf = (item: Item): readonly Shot[] =>
  (item.draft?.shots ?? item.agent?.answer.shots ?? []).map((shot) => ({ ...shot, markup: item.marking.of(shot) }));

/** Puts marks and words there, if any of them are others. */
async function put(session: Session, item: Item, marked: Marked[], text: string): Promise<void> {
  const spoken = text !== item.words.text;
  if (spoken) item.words.write(text);
  await keep(session, item, marked, spoken);
}

/** Saves marks, and the words as they are when it is their turn. */
async function keep(session: Session, item: Item, marked: readonly Marked[], spoken: boolean): Promise<void> {
  if (marked.length === 0 && !spoken) return;
  const change = (): Change => ({ change: "shot_mark", target: targetOf(item.view), marked: [...marked], text: spoken ? item.words.text : null });
  if (await item.marking.put(marked, () => session.backend.change(change()))) return;
  session.fail(
    failureOf(item.marking.refusal),
    () => {
      // What was drawn since, not what was refused; and a picture that is gone needs none.
      const now = shotsOf(item).filter(({ id }) => marked.some(({ shot }) => shot === id));
      void keep(session, item, now.map(({ id, markup }) => ({ shot: id, markup })), spoken);
    },
    item.view,
  );
}

/** Takes a picture away. */
export async function removeShot(session: Session, item: Item, index: number): Promise<void> {
  const wanted = shotsOf(item)[index]?.id;
  // Pressed again before the feed has told that it is gone.
  if (wanted === undefined || item.removed.some(({ shot }) => shot.id === wanted)) return;
  await item.marking.done();
  const shots = shotsOf(item);
  const at = shots.findIndex(({ id }) => id === wanted);
  const shot = shots[at];
  const { view } = item;
  const change: Change =
    view.view === "agent"
      ? { change: "answer_shot_remove", agent: view.id, index: at }
      : { change: "draft_shot_remove", draft: view.id, index: at };
  if (shot === undefined || (await session.act(change)) === undefined) return;
  item.marking.forget(wanted);
  const before = item.words.text;
  const others = shotsOf(item).filter(({ id }) => id !== wanted);
  const pins = pinsOf([shot.markup]).length;
  const left = settled({ markups: others.map(({ markup }) => markup), text: before }, pins === 0 ? 0 : countPins(shots.map(({ markup }) => markup)));
  const markups = new Map<ShotId, { before: Markup; after: Markup }>();
  if (pins > 0) {
    for (const [place, { id, markup }] of others.entries()) {
      const after = left.markups[place] ?? markup;
      if (after !== markup) markups.set(id, { before: markup, after });
    }
  }
  item.removed = [...item.removed, { shot, index: at, before, after: left.text, markups }];
  await put(session, item, [...markups].map(([id, { after }]) => ({ shot: id, markup: after })), left.text);
}

const same = (one: Markup | undefined, other: Markup): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Puts the picture back that was taken away last, with its pins. */
export async function restoreShot(session: Session, item: Item): Promise<void> {
  const removed = item.removed.at(-1);
  if (removed === undefined) return;
  const { shot, index } = removed;
  await item.marking.done();
  if ((await session.act({ change: "shot_restore", target: targetOf(item.view), shot: shot.id, index })) === undefined) return;
  item.removed = item.removed.filter((other) => other !== removed);
  const here = shotsOf(item).filter(({ id }) => id !== shot.id);
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
