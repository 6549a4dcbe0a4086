/** Units that make one block. A window is two blocks that touch, so that an instruction of a few sentences stands whole in one of them. */
export const BLOCK_UNITS = 512;

/** How much of a text is read: its beginning and its end, where instructions to a model stand. */
export const READ_UNITS = { head: 4_000, tail: 1_000 } as const;

const WHOLE_UNITS = READ_UNITS.head + READ_UNITS.tail;
const HEAD_BLOCKS = Math.ceil(READ_UNITS.head / BLOCK_UNITS);
const TAIL_BLOCKS = Math.ceil(READ_UNITS.tail / BLOCK_UNITS);

/** A set of blocks has a bit for each of them. */
export const EVERY_BLOCK = (1 << (HEAD_BLOCKS + TAIL_BLOCKS)) - 1;

/** Whether a block is among these. */
export function hasBlock(blocks: number, block: number): boolean {
  return ((blocks >> block) & 1) !== 0;
}

/** How many blocks are read of a text of so many units. */
export function blockCount(units: number): number {
  return units <= WHOLE_UNITS ? Math.ceil(units / BLOCK_UNITS) : HEAD_BLOCKS + TAIL_BLOCKS;
}

/** Where a block begins in a text of so many units, and where it ends. */
export function blockPlace(units: number, block: number): { readonly start: number; readonly end: number } {
  const isWhole = units <= WHOLE_UNITS;
  const isTail = !isWhole && block >= HEAD_BLOCKS;
  const start = isTail ? units - READ_UNITS.tail + (block - HEAD_BLOCKS) * BLOCK_UNITS : block * BLOCK_UNITS;
  return { start, end: Math.min(start + BLOCK_UNITS, isWhole || isTail ? units : READ_UNITS.head) };
}
