import { comparedWithSchema, confirmationResultSchema } from '@asi/contracts';
import { meritThatCounts } from '@asi/statistics';
import { z } from 'zod';
import { confirmationsOf } from './confirmations.ts';
import type { Material } from './material.ts';
import { settledRunOf } from './settled-run-of.ts';

const freshRunSchema = z.object({
  id: z.string().describe('the training: `asi show`, `asi rescore` and `asi journal` take it'),
  state: z.string().describe('how it ended, or the state of one under way'),
  merit: z
    .number()
    .nullable()
    .describe(
      'on the scale of the campaign; null where it shows nothing: without a result, or suspected to look ahead',
    ),
});

export const freshPairsSchema = z.object({
  result: confirmationResultSchema.describe('what the pairs came to, computed from them anew'),
  pairs: z
    .array(
      z.object({
        seed: z.number().int().describe('of all runs of the pair'),
        look: z.number().int().describe('number of pairs at the first look that counts this one'),
        counts: z.boolean().describe('whether the status rests on it: the first `pairs` of the result do'),
        candidate: freshRunSchema.nullable().describe("the candidate's run; null where it was not begun"),
        against: z
          .array(
            comparedWithSchema.extend({
              run: freshRunSchema.nullable().describe('its run; null where it was not begun'),
              difference: z
                .number()
                .nullable()
                .describe("the candidate's merit minus this one's; null where one of them is"),
            }),
          )
          .describe('as in the differences of the result, whose effects are the means of the pairs that count'),
      }),
    )
    .describe('one for each seed of which a run was begun; the others were never needed'),
});
/** A confirmation with the runs that were made for it. */
export type FreshPairs = z.infer<typeof freshPairsSchema>;
type FreshRun = z.infer<typeof freshRunSchema>;

/** Every confirmation of the campaign with its runs, in the order in which they were begun. */
export function freshPairsOf(material: Material): FreshPairs[] {
  const { campaign, confirmationRuns, inflight } = material;
  const { confirmations, reference } = campaign;
  if (!reference) return [];
  const made = new Map<string, FreshRun>([
    ...inflight.map(({ _id, view }) => [_id as string, { id: _id, state: view.state, merit: null }] as const),
    ...confirmationRuns.map(
      (one) =>
        [
          one._id as string,
          { id: one._id, state: one.outcome, merit: meritThatCounts(settledRunOf(one), reference) },
        ] as const,
    ),
  ]);
  const runOf = (id: string | undefined) => made.get(id ?? '') ?? null;
  const results = confirmationsOf(material);
  return confirmations.flatMap(({ seeds, runs, against, looks }, which): FreshPairs[] => {
    const result = results[which];
    if (!result) return [];
    const pairs = seeds.map((seed, index) => {
      const candidate = runOf(runs[index]);
      return {
        seed,
        look: looks.find((count) => count > index) ?? seeds.length,
        counts: index < result.pairs,
        candidate,
        against: against.map(({ relation, id, name, runs: theirs }) => {
          const run = runOf(theirs[index]);
          return { relation, id, name, run, difference: minus(candidate, run) };
        }),
      };
    });
    return [
      { result, pairs: pairs.filter(({ candidate, against: others }) => candidate ?? others.some(({ run }) => run)) },
    ];
  });
}

const minus = (one: FreshRun | null, other: FreshRun | null): number | null =>
  one?.merit == null || other?.merit == null ? null : one.merit - other.merit;
