import { componentEffectSchema, type Insight } from '@asi/contracts';
import { z } from 'zod';

export const contributionsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  insightId: z.string().nullable().describe('the newest insight, from which the effects are; null before the first'),
  effects: z
    .array(
      componentEffectSchema.extend({
        verdict: z.enum(['better', 'worse', 'inside-noise']).describe('by whether the 95 % interval excludes 0'),
      }),
    )
    .describe('largest effect first'),
});
export type Contributions = z.infer<typeof contributionsSchema>;

/** What each component contributed to merit, as the newest insight estimates it. */
export function contributionsOf(campaignId: string, newest: Insight | null): Contributions {
  const effects = (newest?.effects ?? []).map((one) => ({
    ...one,
    verdict: one.low > 0 ? ('better' as const) : one.high < 0 ? ('worse' as const) : ('inside-noise' as const),
  }));
  return {
    campaignId,
    insightId: newest?._id ?? null,
    effects: effects.sort((a, b) => b.effect - a.effect || (a.component < b.component ? -1 : 1)),
  };
}
