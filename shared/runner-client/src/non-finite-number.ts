import { z } from 'zod';

const names = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': Number.NEGATIVE_INFINITY } as const;

/**
 * A measured number. JSON has no NaN and no infinities, and a diverged run produces all three: they travel as the strings
 * "NaN", "Infinity" and "-Infinity" and are numbers again after decoding. Encode with `z.encode`.
 */
export const nonFiniteNumber = z.codec(
  z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]),
  z.custom<number>((value) => typeof value === 'number', 'expected a number'),
  {
    decode: (wire) => (typeof wire === 'number' ? wire : names[wire]),
    encode: (value) => (Number.isFinite(value) ? value : (String(value) as keyof typeof names)),
  },
);
