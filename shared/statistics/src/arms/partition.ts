const leastBlocks = 4;

/** Blocks of about the root of the candidates: long enough to hold most of what neighbours have in common, and enough of them. */
export const blockCount = (candidates: number): number => Math.max(leastBlocks, Math.floor(Math.sqrt(candidates)));

/** Consecutive items in blocks as equal as possible. */
export const inBlocks = <Item>(items: readonly Item[], blocks: number): Item[][] =>
  Array.from({ length: blocks }, (_, i) =>
    items.slice(Math.floor((i * items.length) / blocks), Math.floor(((i + 1) * items.length) / blocks)),
  );
