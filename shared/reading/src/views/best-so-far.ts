import { z } from 'zod';
import type { Material } from './material.ts';

export const historyPointSchema = z.object({
  place: z.number().int().describe('place in the order of finishing, from 1'),
  id: z.string(),
  name: z.string(),
  ordinal: z.number().int().nullable(),
  at: z.string(),
  seconds: z.number().describe('since the start of the campaign'),
  fitness: z.number().nullable(),
  merit: z.number().nullable(),
  best: z.number().nullable().describe('largest fitness up to and with this one'),
  bestId: z.string().nullable(),
  parameters: z.number().int().nullable(),
  flopsPerToken: z.number().nullable(),
});
export type HistoryPoint = z.infer<typeof historyPointSchema>;
export const historySchema = z.object({ campaignId: z.string(), points: z.array(historyPointSchema) });
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
