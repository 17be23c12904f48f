import { z } from 'zod';

/**
 * What a model is asked for in a probe: made of every construct that the shapes of the roles are made of, for an endpoint may
 * refuse one of them alone (test/shapes.test.ts compares).
 */
export const probeShape = z.object({
  numbers: z.array(z.object({ value: z.number().int().min(0).max(9) })).max(5),
  sum: z.number().int().describe('of the numbers'),
  parity: z.enum(['even', 'odd']),
  prime: z.boolean().describe('whether the sum is a prime number'),
  next: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('halve'), half: z.number() }),
    z.object({ kind: z.literal('leave'), why: z.string() }),
  ]),
});
