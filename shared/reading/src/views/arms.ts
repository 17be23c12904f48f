import { type Arm, type ArmName, type ExperimentRecord, mindSchema, settingsOfArm } from '@asi/contracts';
import {
  bestLift,
  type Lift,
  leastForPopulation,
  meanLift,
  meanMerit,
  populationOf,
  possibleDeviation,
  shrunkMerit,
} from '@asi/statistics';
import type { StoredCall } from '@asi/store';
import { z } from 'zod';
import { dollarsAtLeastWords } from './call-sum.ts';
import { callsOf } from './calls.ts';
import { differenceSchema } from './leaderboard.ts';
import type { Material } from './material.ts';
import { type Spending, spentBy, spentSoFarBy, spentWords } from './spent.ts';

const curvePointSchema = z.object({
  place: z.number().int().describe('among the settled candidates of the arm, in the order of sampling, from 1'),
  id: z.string().describe('the candidate'),
  merit: z.number().nullable().describe('null without a result'),
  best: z.number().nullable().describe('largest merit up to and with this one; null before the first'),
});

export const armViewSchema = z.object({
  name: z.string().describe('as the campaign file has it'),
  share: z.number().int().describe('its part of the candidates, in proportion to those of the others'),
  minds: z
    .object({
      researcher: mindSchema.describe('who designs'),
      engineer: mindSchema.describe('who mends what crashes'),
      analyst: mindSchema.describe('who explains results'),
      judge: mindSchema.describe('who scores designs'),
    })
    .describe('who thinks in it'),
  policy: z.string().describe('how its parents are chosen'),
  learnFromInsights: z.string().describe('whether its designs learn from insights'),
  candidates: z.number().int().describe('sampled so far, those under way included'),
  settled: z.number().int().describe('of these, ended; those that a person cancelled are not counted'),
  measured: z.number().int().describe('of these, with a result'),
  failures: z
    .array(z.object({ code: z.string().describe('stable code'), count: z.number().int().describe('candidates') }))
    .describe('settled without a result, by reason, the most frequent first'),
  failedShare: z.number().nullable().describe('of the settled ones, those without a result; null before the first'),
  tokens: z.number().int().describe('of language models for its candidates, in and out'),
  dollars: z.number().describe('by the price table, of all its calls that can be told in dollars'),
  dollarsAtLeast: z.boolean().describe(dollarsAtLeastWords),
  withoutDollars: z.number().int().describe('calls that cost something and cannot be told in dollars'),
  spentSeconds: z.number().describe(spentWords),
  spentAtLeast: z
    .boolean()
    .describe(
      'true when jobs ran for it, or may have run, whose CPU-seconds are on no record: certificates of draws that were thrown away; probes of the engineer, and certificates of programs that it discarded or replaced',
    ),
  best: z
    .object({
      id: z.string().describe('the candidate that measured best'),
      name: z.string().describe('of the design'),
      merit: z.number().describe('in one run: chosen among many, it is too high on average'),
      noise: z.number().nullable().describe('standard deviation of one run between seeds'),
      expected: z
        .number()
        .nullable()
        .describe(
          "its merit with the luck of being chosen taken out: shrunk towards the mean of its arm's candidates; null with fewer than four measured ones, or while the noise is not known",
        ),
      deviation: z.number().nullable().describe('standard deviation of `expected`; null where that is'),
    })
    .nullable()
    .describe('null before the first result'),
  mean: z
    .object({
      value: z.number().describe('mean merit of the measured candidates'),
      low: z.number().describe('lower end of the 95 % interval'),
      high: z.number().describe('upper end of the 95 % interval'),
    })
    .nullable()
    .describe('null with fewer than eight measured candidates'),
  curve: z.array(curvePointSchema).describe('merit of its candidates, and the best so far'),
  meanLift: differenceSchema
    .nullable()
    .describe(
      "its mean merit minus the control's; null of the control, and with fewer than eight measured candidates of either",
    ),
  bestLift: differenceSchema
    .extend({ candidates: z.number().int().describe('the first so many settled ones of each arm are compared') })
    .nullable()
    .describe("its best merit minus the control's at equal numbers of candidates; null as above"),
});
export type ArmView = z.infer<typeof armViewSchema>;

export const armComparisonSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  control: z
    .string()
    .describe(
      'the arm that others are compared with: control, else the first with an offline researcher, else the first',
    ),
  arms: z.array(armViewSchema).describe('in the order of the campaign file'),
});
export type ArmComparison = z.infer<typeof armComparisonSchema>;

/** What the arms of a campaign came to, and how far each is above the control; null when it is not split. */
export function armsOf(material: Material, spending: Spending, calls: readonly StoredCall[]): ArmComparison | null {
  const { arms } = material.campaign.settings;
  const control = controlOf(material);
  if (control === null) return null;
  const controlMerits = meritsOf(settledOf(material, control));
  return {
    campaignId: material.campaign._id,
    control,
    arms: arms.map((arm) => armView(arm, material, spending, calls, arm.name === control ? null : controlMerits)),
  };
}

function controlOf({ campaign: { settings } }: Material): ArmName | null {
  const { arms } = settings;
  const isOffline = ({ name }: Arm) => settingsOfArm(settings, name).minds.researcher === 'offline';
  return (arms.find(({ name }) => name === 'control') ?? arms.find(isOffline) ?? arms[0])?.name ?? null;
}

function armView(
  { name, share }: Arm,
  material: Material,
  spending: Spending,
  calls: readonly StoredCall[],
  controlMerits: ReadonlyArray<number | null> | null,
): ArmView {
  const { campaign, candidates, inflight } = material;
  const { minds, policy, learnFromInsights } = settingsOfArm(campaign.settings, name);
  const own = candidates.filter((one) => one.arm === name);
  const ended = new Set<string>(own.map(({ _id }) => _id));
  const underWay = inflight.filter((one) => one.view.arm === name && !ended.has(one._id));
  const ids = new Set<string | null>([...ended, ...underWay.map(({ _id }) => _id)]);
  const asked = callsOf(
    material,
    calls.filter(({ experimentId }) => ids.has(experimentId)),
  ).total;
  const settled = settledOf(material, name);
  const merits = meritsOf(settled);
  const measured = merits.filter((merit) => merit !== null).length;
  const lift = controlMerits && meanLift(merits, controlMerits);
  const lead = controlMerits && bestLift(merits, controlMerits);
  const spent = [
    ...own.map((one) => spentBy(one, spending, campaign.settings)),
    ...underWay.map((one) => spentSoFarBy(one, spending, campaign.settings)),
  ];
  return {
    name,
    share,
    minds,
    policy,
    learnFromInsights,
    candidates: own.length + underWay.length,
    settled: settled.length,
    measured,
    failures: failuresOf(settled),
    failedShare: settled.length === 0 ? null : 1 - measured / settled.length,
    tokens: asked.input + asked.output,
    dollars: asked.dollars,
    dollarsAtLeast: asked.dollarsAtLeast,
    withoutDollars: asked.withoutDollars,
    spentSeconds: spent.reduce((sum, { seconds }) => sum + seconds, 0),
    spentAtLeast: spent.some(({ notCounted }) => notCounted.length > 0),
    best: bestOf(settled, campaign.reference && possibleDeviation(campaign.reference.noise.merit)),
    mean: meanMerit(merits),
    curve: curveOf(settled),
    meanLift: lift && judged(lift),
    bestLift: lead && { ...judged(lead), candidates: lead.candidates },
  };
}

/** In the order of sampling. What a person cancelled says nothing of its arm. */
const settledOf = ({ candidates }: Material, name: ArmName): ExperimentRecord[] =>
  candidates.filter(({ arm, outcome }) => arm === name && outcome !== 'cancelled');

const meritOf = ({ outcome, fitness }: ExperimentRecord): number | null =>
  outcome === 'completed' ? (fitness?.merit ?? null) : null;

const meritsOf = (settled: readonly ExperimentRecord[]) => settled.map(meritOf);

function failuresOf(settled: readonly ExperimentRecord[]): ArmView['failures'] {
  const failed = settled.filter((one) => meritOf(one) === null);
  return [...Map.groupBy(failed, ({ reason }) => reason?.code ?? 'unknown')]
    .map(([code, all]) => ({ code, count: all.length }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function bestOf(settled: readonly ExperimentRecord[], noise: number | null): ArmView['best'] {
  const known = settled.flatMap((one) => {
    const merit = meritOf(one);
    return merit === null ? [] : [{ one, merit }];
  });
  const [first] = known.sort((a, b) => b.merit - a.merit);
  if (!first) return null;
  const { _id: id, name } = first.one;
  const best = { id, name, merit: first.merit, noise };
  if (noise === null || known.length < leastForPopulation) return { ...best, expected: null, deviation: null };
  const population = populationOf(
    known.map(({ merit }) => merit),
    noise,
  );
  const { mean, variance } = shrunkMerit(first.merit, population);
  return { ...best, expected: mean, deviation: Math.sqrt(variance) };
}

function curveOf(settled: readonly ExperimentRecord[]): ArmView['curve'] {
  let best: number | null = null;
  return settled.map((one, index) => {
    const merit = meritOf(one);
    if (merit !== null && (best === null || merit > best)) best = merit;
    return { place: index + 1, id: one._id, merit, best };
  });
}

const judged = ({ value, low, high }: Lift) => ({
  value,
  low,
  high,
  verdict: low > 0 ? ('better' as const) : high < 0 ? ('worse' as const) : ('inside-noise' as const),
});
