import { z } from 'zod';
import { ownArmSchema } from './arm.ts';
import { experimentIdSchema } from './ids.ts';
import { measuredMeritSchema } from './merit-scale.ts';

/** The estimated effect of one component on measured merit, from all experiments known at the time, with its interval. */
export const componentEffectSchema = z.object({
  component: z.string().describe('label slot=option'),
  effect: z.number().describe('difference in merit that it makes against the average of its slot, posterior mean'),
  low: z.number().describe('lower end of the 95 % interval'),
  high: z.number().describe('upper end of the 95 % interval'),
  experiments: z.number().int().describe('measured designs that have it'),
});
export type ComponentEffect = z.infer<typeof componentEffectSchema>;

/** What an analysis leaves for later designs. One per analysed experiment, keyed by it. */
export const insightSchema = z.object({
  _id: z.string().describe('of the insight'),
  experimentId: experimentIdSchema.describe('whose analysis left it'),
  campaignNumber: z.number().int().describe('of that experiment'),
  ordinal: z.number().int().describe('of that experiment'),
  yardstick: z.string().describe('losses and accuracies with the same yardstick compare'),
  text: z.string().describe('the lesson in words'),
  confidence: z.number().min(0).max(1).describe('that the least certain sign it states is right'),
  effects: z.array(componentEffectSchema).describe('of every component that could be compared'),
  at: z.string().describe('when it was written'),
});
export type Insight = z.infer<typeof insightSchema>;

/** One row of the tree: what the estimation of effects needs of a settled experiment, and no more. */
export const treeRowSchema = z.object({
  experimentId: experimentIdSchema,
  campaignNumber: z.number().int(),
  ordinal: z.number().int(),
  arm: ownArmSchema,
  name: z.string(),
  parentId: z.string().nullable(),
  components: z.array(z.string()),
  /** By which it is placed on anybody's scale. Null where the message of an earlier version did not tell. */
  measured: measuredMeritSchema.nullable(),
  /** On the scale of its own campaign. */
  merit: z.number().nullable(),
});
export type TreeRow = z.infer<typeof treeRowSchema>;
