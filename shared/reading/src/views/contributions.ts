import { componentEffectSchema, type Insight } from '@asi/contracts';
import { possibleDifference } from '@asi/statistics';
import { z } from 'zod';

export const contributionsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  insightId: z.string().nullable().describe('the newest insight, from which the effects are; null before the first'),
  arm: z
    .string()
    .nullable()
    .describe(
      'whose designs the effects are estimated from, beside the baselines; null where the campaign is not split',
    ),
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
export function contributionsOf(
  campaignId: string,
  newest: { readonly insight: Insight; readonly arm: string | null } | null,
): Contributions {
  const effects = (newest?.insight.effects ?? []).map((one) => ({
    ...one,
    effect: possibleDifference(one.effect),
    low: possibleDifference(one.low),
    high: possibleDifference(one.high),
    verdict: one.low > 0 ? ('better' as const) : one.high < 0 ? ('worse' as const) : ('inside-noise' as const),
  }));
  return {
    campaignId,
    insightId: newest?.insight._id ?? null,
    arm: newest?.arm ?? null,
    effects: effects.sort((a, b) => b.effect - a.effect || (a.component < b.component ? -1 : 1)),
  };
}
