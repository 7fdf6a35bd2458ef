// The transcript as it is drawn: steps in a row stand together. Pure.

import type { Artifact, Node, RunId } from "../../backend/bindings";
import type { BlockEntity } from "../../state/entities.svelte";

/** A part of the transcript. */
export type Segment =
  | { segment: "steps"; key: string; blocks: BlockEntity[]; began: number }
  /** With `continues` it goes on with the list of the one before: a long one comes in parts. */
  | { segment: "one"; key: string; entity: BlockEntity; continues: boolean };

/** The list with which words begin or end, if they do. */
function listAt(entity: BlockEntity | undefined, place: 0 | -1): (Node & { node: "list" }) | null {
  const kind = entity?.block.kind;
  const node = kind?.kind === "words" ? kind.nodes.at(place) : undefined;
  return node?.node === "list" ? node : null;
}

function continues(before: Segment | undefined, entity: BlockEntity): boolean {
  const [above, below] = [listAt(before?.segment === "one" ? before.entity : undefined, -1), listAt(entity, 0)];
  return above !== null && below !== null && (above.start === null) === (below.start === null);
}

/** Groups blocks; `began` is when the run of a group was asked for, by a prompt that may stand before all of them. */
export function segmentsOf(blocks: readonly BlockEntity[], prompts: readonly BlockEntity[] = []): Segment[] {
  const segments: Segment[] = [];
  const first = blocks[0]?.block;
  const asked = first === undefined ? undefined : prompts.findLast(({ block }) => block.order < first.order);
  let began = asked?.block.at ?? first?.at ?? 0;
  for (const entity of blocks) {
    const { kind, at } = entity.block;
    if (kind.kind === "prompt") began = at;
    const last = segments.at(-1);
    if (kind.kind !== "steps") segments.push({ segment: "one", key: entity.id, entity, continues: continues(last, entity) });
    else if (last?.segment === "steps") last.blocks.push(entity);
    else segments.push({ segment: "steps", key: entity.id, blocks: [entity], began });
  }
  return segments;
}

/** What agents left, by the place where it is drawn. */
export interface Left {
  /** Drawn before the segment with this key: at the end of its run. */
  before: ReadonlyMap<string, Artifact[]>;
  /** Drawn at the end: of the run under way, or of no run that is known here. */
  rest: Artifact[];
}

const runOf = (segment: Segment): RunId | null =>
  segment.segment === "one" ? segment.entity.block.run : (segment.blocks[0]?.block.run ?? null);

const isEnd = (segment: Segment): boolean => segment.segment === "one" && segment.entity.block.kind.kind === "ended";

/**
 * Puts what each run left under its reply: before the line that says how it ended, or else before the next run. What
 * runs left of which nothing is here yet comes with them.
 */
export function leftBy(segments: readonly Segment[], artifacts: readonly Artifact[], away: ReadonlySet<RunId> = new Set()): Left {
  const before = new Map<string, Artifact[]>();
  const rest: Artifact[] = [];
  const lastEnd = segments.findLast(isEnd);
  for (const artifact of artifacts) {
    const last = artifact.run === null ? -1 : segments.findLastIndex((segment) => runOf(segment) === artifact.run);
    if (last < 0 && artifact.run !== null && away.has(artifact.run)) continue;
    const end = segments[last];
    // Of no known run: with the last run that ended, while that stands at the end.
    const unknown = lastEnd === segments.at(-1) ? lastEnd : undefined;
    const place = end === undefined ? unknown : isEnd(end) ? end : segments[last + 1];
    if (place === undefined) rest.push(artifact);
    else before.set(place.key, [...(before.get(place.key) ?? []), artifact]);
  }
  return { before, rest };
}
