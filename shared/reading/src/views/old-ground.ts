import { z } from 'zod';
import type { Material } from './material.ts';

/** A design that correlates more with an earlier one than this changes little of what it computes. */
export const nearlyTheSame = 0.99;

export const oldGroundSchema = z.object({
  draws: z.number().int().describe('programs that were drawn for the designs below, thrown away ones included'),
  twins: z.number().int().describe('draws that behave like an earlier design; thrown away before training'),
  illegal: z.number().int().describe('draws that failed the certificate; thrown away'),
  designs: z.number().int().describe('new and legal ones: what was trained, or is to be'),
  givenUp: z
    .number()
    .int()
    .describe('experiments without a design because every draw was a twin; their draws are not counted above'),
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
  const twins = sum(designs.map(({ twinsAvoided }) => twinsAvoided));
  const illegal = sum(designs.map(({ certificateFailures }) => certificateFailures));
  const correlations = designs.flatMap(({ nearest }) => nearest?.correlation ?? []).sort((a, b) => a - b);
  const middle = correlations.length / 2;
  return {
    draws: designs.length + twins + illegal,
    twins,
    illegal,
    designs: designs.length,
    givenUp: candidates.filter(({ reason }) => reason?.code === 'twin').length,
    compared: correlations.length,
    nearlyTheSame: correlations.filter((one) => one > nearlyTheSame).length,
    medianCorrelation:
      correlations.length === 0
        ? null
        : ((correlations[Math.ceil(middle) - 1] ?? 0) + (correlations[Math.floor(middle)] ?? 0)) / 2,
  };
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
