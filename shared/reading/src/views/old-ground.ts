import { z } from 'zod';
import type { Material } from './material.ts';

/** A design that correlates more with an earlier one than this changes little of what it computes. */
export const nearlyTheSame = 0.99;

export const oldGroundSchema = z.object({
  draws: z
    .number()
    .int()
    .describe('programs that were drawn and decided about: thrown away as below, or kept as designs'),
  twins: z
    .number()
    .int()
    .describe(
      'draws that behave like an earlier design; thrown away before training, also those of designs that were given up',
    ),
  illegal: z
    .number()
    .int()
    .describe('draws that failed the certificate; thrown away, also those of designs that were given up'),
  designs: z.number().int().describe('new and legal ones: what was trained, or is to be'),
  givenUp: z.number().int().describe('candidates that ended without a design because no draw was both legal and new'),
  drawsNotKnown: z
    .number()
    .int()
    .describe(
      'candidates that ended without a design and whose draws are not on record (cancelled or timed out meanwhile, or told by an earlier version): these draws are not counted above',
    ),
  compared: z.number().int().describe('designs for which there was an earlier one to compare with'),
  nearlyTheSame: z
    .number()
    .int()
    .describe(`designs whose fingerprint correlates more than ${nearlyTheSame} with an earlier one`),
  medianCorrelation: z
    .number()
    .nullable()
    .describe('of a design with the earlier one that behaves most alike; null before the second'),
});
export type OldGround = z.infer<typeof oldGroundSchema>;

/** How much of the search went where it had been: of the settled candidates. */
export function oldGroundOf({ candidates }: Material): OldGround {
  const designs = candidates.flatMap(({ design }) => design ?? []);
  const without = candidates.filter(({ design }) => design === null);
  const told = [...designs, ...without.flatMap(({ thrownAway }) => thrownAway ?? [])];
  const twins = sum(told.map(({ twinsAvoided }) => twinsAvoided));
  const illegal = sum(told.map(({ certificateFailures }) => certificateFailures));
  const correlations = designs.flatMap(({ nearest }) => nearest?.correlation ?? []).sort((a, b) => a - b);
  const middle = correlations.length / 2;
  return {
    draws: designs.length + twins + illegal,
    twins,
    illegal,
    designs: designs.length,
    // A gate vetoes designs: whoever is rejected without one found none.
    givenUp: without.filter(({ outcome }) => outcome === 'rejected').length,
    drawsNotKnown: without.filter(({ thrownAway }) => thrownAway === undefined).length,
    compared: correlations.length,
    nearlyTheSame: correlations.filter((one) => one > nearlyTheSame).length,
    medianCorrelation:
      correlations.length === 0
        ? null
        : ((correlations[Math.ceil(middle) - 1] ?? 0) + (correlations[Math.floor(middle)] ?? 0)) / 2,
  };
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
