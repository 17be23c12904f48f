import { z } from 'zod';
import type { Material } from './material.ts';

export const historyPointSchema = z.object({
  place: z.number().int().describe('place in the order of finishing, from 1'),
  id: z.string().describe('the experiment'),
  name: z.string().describe('of the design'),
  ordinal: z.number().int().nullable().describe('place in the order of sampling'),
  at: z.string().describe('when it ended'),
  seconds: z.number().describe('since the start of the campaign'),
  fitness: z.number().nullable().describe('of this one; null when not judged'),
  merit: z.number().nullable().describe('of this one'),
  best: z.number().nullable().describe('largest fitness up to and with this one'),
  bestId: z.string().nullable().describe('which one that is'),
  parameters: z.number().int().nullable().describe("of one layer's mixer"),
  flopsPerToken: z.number().nullable().describe('forward pass of the mixer; 0: not measured'),
});
export type HistoryPoint = z.infer<typeof historyPointSchema>;
export const historySchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  points: z.array(historyPointSchema).describe('completed candidates in the order of finishing'),
});
export type History = z.infer<typeof historySchema>;

/** Fitness of the completed candidates in the order of finishing, with the best so far. */
export function historyOf({ campaign, candidates }: Material): History {
  const start = Date.parse(campaign.startedAt);
  const best: { id: string | null; fitness: number | null } = { id: null, fitness: null };
  const points = candidates
    .filter((one) => one.outcome === 'completed')
    .sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : a.finishedAt > b.finishedAt ? 1 : a._id < b._id ? -1 : 1))
    .map((one, index): HistoryPoint => {
      const fitness = one.fitness?.total ?? null;
      if (fitness !== null && (best.fitness === null || fitness > best.fitness))
        Object.assign(best, { id: one._id, fitness });
      return {
        place: index + 1,
        id: one._id,
        name: one.name,
        ordinal: one.ordinal,
        at: one.finishedAt,
        seconds: (Date.parse(one.finishedAt) - start) / 1000,
        fitness,
        merit: one.fitness?.merit ?? null,
        best: best.fitness,
        bestId: best.id,
        parameters: one.measurement?.parameters.mixer ?? null,
        flopsPerToken: one.measurement?.flopsPerToken ?? null,
      };
    });
  return { campaignId: campaign._id, points };
}
