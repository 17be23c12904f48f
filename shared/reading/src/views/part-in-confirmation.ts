import type { Confirmation } from '@asi/contracts';
import { z } from 'zod';

export const partInConfirmationSchema = z.object({
  candidateId: z.string().describe('whose confirmation it is: `asi show` of it has all pairs and the status'),
  order: z.number().int().describe('place of the confirmation among all of the laboratory'),
  relation: z
    .enum(['candidate', 'baseline', 'parent'])
    .describe('what was trained: the candidate, or what it is compared with'),
  of: z.string().describe('the design; of a built-in its name'),
  look: z.number().int().describe('number of pairs at the first look that counts it'),
});
export type PartInConfirmation = z.infer<typeof partInConfirmationSchema>;

/** What a training with a fresh seed was made for, by the plans; in older records DeltaNet's can belong to several. */
export const partsInConfirmations = (id: string, plans: readonly Confirmation[]): PartInConfirmation[] =>
  plans.flatMap(({ candidateId, order, runs, against, looks, seeds }) =>
    [{ relation: 'candidate' as const, id: candidateId, runs }, ...against].flatMap((column) => {
      const ids: readonly string[] = column.runs;
      const index = ids.indexOf(id);
      const look = looks.find((count) => count > index) ?? seeds.length;
      return index === -1 ? [] : [{ candidateId, order, relation: column.relation, of: column.id, look }];
    }),
  );
