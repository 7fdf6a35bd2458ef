// Entities: one object for each row and block, with one reactive field each, held in raw arrays.
// Deep proxies over long lists cost more than the framework itself.

import type { Block, Row } from "../backend/bindings";

/** A row of the list. */
export class RowEntity {
  readonly key: string;
  row: Row = $state.raw() as Row;
  /** What the search looks through, made once for each version of the row. */
  haystack = "";

  constructor(row: Row) {
    this.key = row.key;
    this.row = row;
  }
}

/** A block of a transcript. */
export class BlockEntity {
  readonly id: string;
  block: Block = $state.raw() as Block;

  constructor(block: Block) {
    this.id = block.id;
    this.block = block;
  }
}
