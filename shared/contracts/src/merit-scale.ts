import { z } from 'zod';
import { referenceSchema } from './campaign.ts';
import { measurementSchema } from './measurement.ts';

/** What merit is computed from. The same on every scale of a yardstick. */
export const measuredMeritSchema = measurementSchema.pick({ languageModelLoss: true, battery: true });

/** On what scale a campaign places merits, and how far one run deviates on it: a part of its reference. */
export const meritScaleSchema = referenceSchema.pick({ baseline: true, band: true }).extend({
  noise: z.number().min(0).describe('standard deviation of merit between seeds'),
  degreesOfFreedom: z.number().describe('with which it was estimated'),
});
export type MeritScale = z.infer<typeof meritScaleSchema>;

export const meritScaleOf = ({ baseline, band, noise }: z.infer<typeof referenceSchema>): MeritScale => ({
  baseline,
  band,
  noise: noise.merit,
  degreesOfFreedom: noise.degreesOfFreedom,
});
