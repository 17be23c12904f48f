import { z } from 'zod';
import { experimentIdSchema } from './ids.ts';

/** The estimated effect of one component on measured merit, from all experiments known at the time, with its interval. */
export const componentEffectSchema = z.object({
  component: z.string(),
  /** Posterior mean of the difference in merit that the component makes. */
  effect: z.number(),
  /** 95 % interval. */
  low: z.number(),
  high: z.number(),
  experiments: z.number().int(),
});
export type ComponentEffect = z.infer<typeof componentEffectSchema>;

/** What an analysis leaves for later designs. One per analysed experiment, keyed by it. */
export const insightSchema = z.object({
  _id: z.string(),
  experimentId: experimentIdSchema,
  campaignNumber: z.number().int(),
  ordinal: z.number().int(),
  yardstick: z.string(),
  text: z.string(),
  confidence: z.number().min(0).max(1),
  effects: z.array(componentEffectSchema),
  at: z.string(),
});
export type Insight = z.infer<typeof insightSchema>;

/** One row of the tree: what the estimation of effects needs of a settled experiment, and no more. */
export const treeRowSchema = z.object({
  experimentId: experimentIdSchema,
  campaignNumber: z.number().int(),
  ordinal: z.number().int(),
  name: z.string(),
  parentId: z.string().nullable(),
  components: z.array(z.string()),
  merit: z.number().nullable(),
});
export type TreeRow = z.infer<typeof treeRowSchema>;
