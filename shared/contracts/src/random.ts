import { createHash } from 'node:crypto';

/** Seeded randomness: the same seed gives the same draws on every machine and in every process. */
export type Random = {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** Uniform integer in [0, bound). */
  readonly below: (bound: number) => number;
  /** One of the items, uniformly. Throws on an empty list. */
  readonly pick: <T>(items: readonly T[]) => T;
};

/** sfc32 (Doty-Humphrey, PractRand), seeded by the SHA-256 of a text. */
export function seededRandom(...seed: ReadonlyArray<string | number>): Random {
  const bytes = createHash('sha256').update(seed.join('\u0000')).digest();
  let a = bytes.readInt32LE(0);
  let b = bytes.readInt32LE(4);
  let c = bytes.readInt32LE(8);
  let counter = bytes.readInt32LE(12);
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (bound: number): number => Math.floor(next() * bound);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new RangeError('pick from an empty list');
    return item;
  };
  return { next, below, pick };
}
