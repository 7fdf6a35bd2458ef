// The transcript as it is drawn: steps in a row stand together. Pure.

import type { BlockEntity } from "../../state/entities.svelte";

/** A part of the transcript. */
export type Segment =
  | { segment: "steps"; key: string; blocks: BlockEntity[]; began: number }
  | { segment: "one"; key: string; entity: BlockEntity };

/** Groups blocks; `began` is when the run of a group was asked for. */
export function segmentsOf(blocks: readonly BlockEntity[]): Segment[] {
  const segments: Segment[] = [];
  let began = blocks[0]?.block.at ?? 0;
  for (const entity of blocks) {
    const { kind, at } = entity.block;
    if (kind.kind === "prompt") began = at;
    const last = segments.at(-1);
    if (kind.kind !== "steps") segments.push({ segment: "one", key: entity.id, entity });
    else if (last?.segment === "steps") last.blocks.push(entity);
    else segments.push({ segment: "steps", key: entity.id, blocks: [entity], began });
  }
  return segments;
}
