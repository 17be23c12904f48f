import { experimentKindSchema } from '@asi/contracts';
import { z } from 'zod';
import type { Material } from './material.ts';

export const failureSchema = z.object({
  id: z.string().describe('the experiment'),
  kind: experimentKindSchema,
  name: z.string().describe('of the design, or of the experiment before there is one'),
  ordinal: z.number().int().nullable().describe('place in the order of sampling; null for baselines'),
  arm: z.string().nullable().describe('of the campaign; null where it is not split, and of baselines'),
  parentId: z.string().nullable().describe('what it was to be designed from; null for baselines'),
  outcome: z
    .enum(['rejected', 'failed', 'cancelled'])
    .describe(
      'rejected: as a twin, or by a gate before or after training; failed: something went wrong; cancelled: by a person',
    ),
  code: z.string().describe('stable code of the reason'),
  message: z.string().describe('why, in words'),
  evidenceHash: z.string().nullable().describe('artifact with the evidence, for example the log tail'),
  at: z.string().describe('when it ended'),
});
export type Failure = z.infer<typeof failureSchema>;

/** What gave no result, newest first, with the reasons. */
export function failuresOf({ candidates, baselines, confirmationRuns }: Material): Failure[] {
  return [...baselines, ...candidates, ...confirmationRuns]
    .flatMap((one): Failure[] => {
      if (one.outcome === 'completed') return [];
      return [
        {
          id: one._id,
          kind: one.kind,
          name: one.name,
          ordinal: one.ordinal,
          arm: one.arm,
          parentId: one.parentId,
          outcome: one.outcome,
          code: one.reason?.code ?? 'unknown',
          message: one.reason?.message ?? 'no reason was recorded',
          evidenceHash: one.reason?.evidenceHash ?? null,
          at: one.finishedAt,
        },
      ];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}
