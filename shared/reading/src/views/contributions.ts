import { componentEffectSchema, type ExperimentRecord, type Insight } from '@asi/contracts';
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
  knew: z
    .number()
    .int()
    .nullable()
    .describe(
      'measured candidates of this campaign, and of that arm, among those that the insight knows: the ones that were settled when its own was sampled, and that one; null before the first insight',
    ),
  measured: z.number().int().describe('measured candidates of this campaign, and of that arm, by now'),
  effects: z
    .array(
      componentEffectSchema.extend({
        verdict: z.enum(['better', 'worse', 'inside-noise']).describe('by whether the 95 % interval excludes 0'),
      }),
    )
    .describe('largest effect first'),
});
export type Contributions = z.infer<typeof contributionsSchema>;

/** The insight that a candidate's analysis left, with the record of that candidate. */
export type NewestInsight = {
  readonly insight: Insight;
  readonly of: Pick<ExperimentRecord, '_id' | 'arm' | 'horizon'>;
};

type Candidate = Pick<ExperimentRecord, '_id' | 'arm' | 'ordinal' | 'measurement'>;

/** What each component contributed to merit, as the newest insight estimates it. */
export function contributionsOf(
  campaignId: string,
  newest: NewestInsight | null,
  candidates: readonly Candidate[],
): Contributions {
  const effects = (newest?.insight.effects ?? []).map((one) => ({
    ...one,
    effect: possibleDifference(one.effect),
    low: possibleDifference(one.low),
    high: possibleDifference(one.high),
    verdict: one.low > 0 ? ('better' as const) : one.high < 0 ? ('worse' as const) : ('inside-noise' as const),
  }));
  const arm = newest?.of.arm ?? null;
  const measured = candidates.filter((one) => one.measurement !== null && (arm === null || one.arm === arm));
  const isKnown = ({ _id, ordinal }: Candidate, { of }: NewestInsight) =>
    _id === of._id || (ordinal !== null && ordinal <= of.horizon);
  return {
    campaignId,
    insightId: newest?.insight._id ?? null,
    arm,
    knew: newest && measured.filter((one) => isKnown(one, newest)).length,
    measured: measured.length,
    effects: effects.sort((a, b) => b.effect - a.effect || (a.component < b.component ? -1 : 1)),
  };
}
