import { componentEffectSchema, componentsOfBaseline, type ExperimentRecord, meritScaleOf } from '@asi/contracts';
import { componentEffects, createComponentSums, observationsOf, possibleDifference } from '@asi/statistics';
import { z } from 'zod';
import type { Material } from './material.ts';

export const contributionsSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  measured: z.number().int().describe('measured candidates of this campaign that the effects are estimated from'),
  others: z
    .number()
    .int()
    .describe(
      'measurements beside those that the effects are estimated from: runs of baselines that have components, and candidates of earlier campaigns with the same yardstick',
    ),
  effects: z
    .array(
      componentEffectSchema.extend({
        verdict: z.enum(['better', 'worse', 'inside-noise']).describe('by whether the 95 % interval excludes 0'),
      }),
    )
    .describe('largest effect first; empty before the baselines are measured'),
});
export type Contributions = z.infer<typeof contributionsSchema>;

/**
 * What each component contributed to merit, from every measurement on record that compares with those of the campaign. A design
 * is steered by the same estimate from those that were settled within its own horizon.
 */
export function contributionsOf(
  material: Pick<Material, 'campaign' | 'candidates' | 'baselines' | 'earlier'>,
): Contributions {
  const { campaign, candidates, baselines, earlier } = material;
  // Runs of baselines that the campaign reuses are among the earlier ones as well.
  const others = [...new Map([...earlier, ...baselines].map((one) => [one._id as string, one])).values()];
  const { reference } = campaign;
  const observed = (all: readonly ExperimentRecord[]) =>
    reference ? observationsOf(all.map(measuredDesign), reference) : [];
  const [own, beside] = [observed(candidates), observed(others)];
  const sums = createComponentSums();
  for (const one of [...beside, ...own]) sums.add(one);
  const effects = reference ? componentEffects(sums, meritScaleOf(reference)) : [];
  return {
    campaignId: campaign._id,
    measured: own.length,
    others: beside.length,
    effects: effects
      .map((one) => ({
        ...one,
        effect: possibleDifference(one.effect),
        low: possibleDifference(one.low),
        high: possibleDifference(one.high),
        verdict: one.low > 0 ? ('better' as const) : one.high < 0 ? ('worse' as const) : ('inside-noise' as const),
      }))
      .sort((a, b) => b.effect - a.effect || (a.component < b.component ? -1 : 1)),
  };
}

/** As the tree of the archive has it: only completed experiments say something. */
const measuredDesign = ({ outcome, design, baseline, measurement }: ExperimentRecord) => ({
  components: design?.components ?? componentsOfBaseline(baseline),
  measured: outcome === 'completed' ? measurement : null,
});
