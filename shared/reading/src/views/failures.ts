import { z } from 'zod';
import type { Material } from './material.ts';

export const failureSchema = z.object({
  id: z.string(),
  kind: z.enum(['baseline', 'candidate']),
  name: z.string(),
  ordinal: z.number().int().nullable(),
  parentId: z.string().nullable(),
  outcome: z.enum(['rejected', 'failed', 'cancelled']),
  code: z.string().describe('stable code of the reason'),
  message: z.string(),
  evidenceHash: z.string().nullable().describe('artifact with the evidence, for example the log tail'),
  at: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** What gave no result, newest first, with the reasons. */
export function failuresOf({ candidates, baselines }: Material): Failure[] {
  return [...baselines, ...candidates]
    .flatMap((one): Failure[] => {
      if (one.outcome === 'completed') return [];
      return [
        {
          id: one._id,
          kind: one.kind,
          name: one.name,
          ordinal: one.ordinal,
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
