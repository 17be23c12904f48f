import {
  type ConfirmationResult,
  confirmationResultSchema,
  type ExperimentRecord,
  measuredNumberSchema,
  type Reference,
  referenceSchema,
  studentQuantile95,
} from '@asi/contracts';
import { judgeScore, meanOf, possibleDeviation } from '@asi/statistics';
import { z } from 'zod';
import { differenceOf } from '../statistics/difference.ts';
import { fitnessNoise } from '../statistics/fitness-noise.ts';
import { confirmationByCandidate, confirmationsOf } from './confirmations.ts';
import type { Material } from './material.ts';
import { oldGroundOf, oldGroundSchema } from './old-ground.ts';

const taskScoreSchema = z.object({
  metric: z.enum(['accuracy', 'loss']).describe('what value is: larger accuracy, smaller loss is better'),
  value: measuredNumberSchema.describe('held out, mean over the runs'),
  noise: z.number().nullable().describe('standard deviation of `value` between seeds'),
});

export const differenceSchema = z.object({
  value: z.number().describe('difference of merit'),
  low: z.number().describe('lower end of the 95 % interval'),
  high: z.number().describe('upper end of the 95 % interval'),
  verdict: z.enum(['better', 'worse', 'inside-noise']).describe('better and worse only when the interval excludes 0'),
});

export const leaderboardRowSchema = z.object({
  rank: z.number().int().describe('place by fitness, from 1; rows without a fitness come last'),
  id: z.string().describe('the experiment; of a baseline its first run'),
  kind: z.enum(['baseline', 'candidate']).describe('what it is'),
  name: z.string().describe('of the design or the baseline'),
  status: z
    .enum(['baseline', 'provisional', 'under-way', 'confirmed', 'refuted', 'not-confirmed'])
    .describe(
      'provisional: one run, chosen among many; the others: what fresh seeds say, or that they are being trained (under-way)',
    ),
  confirmation: confirmationResultSchema
    .nullable()
    .describe('what fresh seeds say, with effect and interval; null when none were trained'),
  provisional: z.boolean().describe('true of every candidate that is not confirmed'),
  runs: z
    .array(z.string())
    .describe('the experiments whose mean this row is: one for candidates, one a seed for baselines'),
  outcome: z.literal('completed').describe('always so: what has no result is in the failures'),
  ordinal: z.number().int().nullable().describe('place in the order of sampling'),
  arm: z.string().nullable().describe('of the campaign; null where it is not split, and of baselines'),
  parentId: z.string().nullable().describe('what it was designed from; null for baselines'),
  fitness: z
    .number()
    .nullable()
    .describe('in [0, 1]; (loss + benchmark + judge) / 3, or merit when that is the objective'),
  merit: z.number().nullable().describe('in [0, 1]; what was measured, without the judge'),
  judge: z.number().nullable().describe("the judge's total, 1 to 10"),
  languageModelLoss: measuredNumberSchema.describe('held out, nats per byte'),
  battery: measuredNumberSchema.describe('mean accuracy over the synthetic tasks'),
  tasks: z.record(z.string(), taskScoreSchema).describe('by name of the task'),
  noise: z
    .object({
      fitness: z.number().describe('of fitness'),
      merit: z.number().describe('of merit'),
      languageModelLoss: z.number().describe('nats per byte'),
      battery: z.number().describe('of the battery'),
    })
    .nullable()
    .describe("standard deviation of this row's numbers between seeds: of one run, divided by the root of the runs"),
  difference: differenceSchema
    .extend({
      verdict: differenceSchema.shape.verdict.describe(
        'better and worse only when the interval excludes 0; inside-noise also where it does so above 0 and fresh seeds, which have ended, did not show it again: the run was chosen for this number, and status says what they said',
      ),
    })
    .nullable()
    .describe(
      "merit minus DeltaNet's, with its 95 % interval, of the runs of this row: fresh seeds are not among them",
    ),
  suspicious: z
    .boolean()
    .describe(
      'a second look is owed: far below the baseline loss, or helped by the rest of the sequence (then scored by prefixes alone)',
    ),
  flags: z
    .array(z.string())
    .nullable()
    .describe(
      'soft tests that its program failed, by the certificate, by name, also of a confirmed candidate; null where that is not known: of baselines, which have no certificate, and in older records',
    ),
  parameters: z.number().int().describe("of one layer's mixer"),
  flopsPerToken: z.number().describe('forward pass of the mixer; 0: not measured'),
  seconds: z.number().describe('CPU-seconds of one run'),
});
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;

export const leaderboardSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  yardstick: z
    .string()
    .describe('suite, trainer version and held-out data: losses and accuracies with the same yardstick compare'),
  baseline: z.string().describe('what differences are taken to'),
  noise: referenceSchema.shape.noise
    .extend({
      fitness: z.number().describe('with the judge in it where the objective has him'),
      quantile95: z
        .number()
        .describe(
          'times a standard deviation it is the half-width of a 95 % interval (Student, these degrees of freedom)',
        ),
    })
    .nullable()
    .describe('of one run; null until the baselines are measured'),
  rows: z.array(leaderboardRowSchema).describe('best fitness first'),
  oldGround: oldGroundSchema.describe('how much of the search went where it had been'),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;

const anchor = 'delta-net';

/** Candidates and baselines (mean over seeds) by fitness, each number with its noise. */
export function leaderboardOf(material: Material): Leaderboard {
  const { campaign, candidates, baselines } = material;
  const confirmations = confirmationByCandidate(confirmationsOf(material));
  const { reference } = campaign;
  const groups = new Map<string, ExperimentRecord[]>();
  for (const run of baselines) {
    const name = run.baseline ?? run.name;
    if (run.outcome === 'completed') groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  const objective = campaign.settings.objective;
  const noise = reference && {
    ...reference.noise,
    battery: possibleDeviation(reference.noise.battery),
    merit: possibleDeviation(reference.noise.merit),
    fitness: possibleDeviation(fitnessNoise(baselines, reference, objective).deviation),
    quantile95: studentQuantile95(reference.noise.degreesOfFreedom),
  };
  const scale = { reference, noise };
  const rows = [
    ...[...groups].flatMap(([name, runs]) => baselineRow(name, runs, scale, objective)),
    ...candidates.flatMap((one) => candidateRow(one, scale, confirmations.get(one._id) ?? null)),
  ].sort(byFitness);
  return {
    campaignId: campaign._id,
    yardstick: campaign.yardstick,
    baseline: anchor,
    noise,
    rows: rows.map((row, index) => ({ ...row, rank: index + 1 })),
    oldGround: oldGroundOf(material),
  };
}

/** What scores refer to and how far they can be trusted. */
type Scale = { readonly reference: Reference | null; readonly noise: Leaderboard['noise'] };

function candidateRow(
  record: ExperimentRecord,
  scale: Scale,
  confirmation: ConfirmationResult | null,
): LeaderboardRow[] {
  if (record.outcome !== 'completed') return [];
  const { fitness, judgement, parentId, ordinal, arm, name } = record;
  return rowOf([record], scale, {
    kind: 'candidate',
    status: confirmation?.status ?? 'provisional',
    confirmation,
    name,
    ordinal,
    arm,
    parentId,
    fitness: fitness?.total ?? null,
    merit: fitness?.merit ?? null,
    judge: judgement?.total ?? null,
    suspicious: fitness?.suspicious === true || Boolean(record.measurement?.suspectLeak),
    flags: record.design?.flags ?? null,
  });
}

function baselineRow(
  name: string,
  runs: readonly ExperimentRecord[],
  scale: Scale,
  objective: 'composite' | 'merit',
): LeaderboardRow[] {
  // The merit of this campaign's own reference: a reused run carries that of the campaign it was made in.
  const merit = scale.reference?.models.find((model) => model.name === name)?.merit ?? null;
  const judge = meanOfKnown(runs.map((run) => run.judgement?.total ?? null));
  const composite = merit === null || judge === null ? null : (2 * merit + judgeScore(judge)) / 3;
  return rowOf(runs, scale, {
    kind: 'baseline',
    status: 'baseline',
    confirmation: null,
    name,
    ordinal: null,
    arm: null,
    parentId: null,
    fitness: objective === 'merit' ? merit : composite,
    merit,
    judge,
    suspicious: false,
    flags: null,
  });
}

type Identity = Pick<
  LeaderboardRow,
  | 'kind'
  | 'status'
  | 'confirmation'
  | 'name'
  | 'ordinal'
  | 'arm'
  | 'parentId'
  | 'fitness'
  | 'merit'
  | 'judge'
  | 'suspicious'
  | 'flags'
>;

function rowOf(runs: readonly ExperimentRecord[], { reference, noise }: Scale, identity: Identity): LeaderboardRow[] {
  const measured = runs.flatMap((run) => run.measurement ?? []);
  const [first] = measured;
  const [run] = runs;
  if (!first || !run) return [];
  const root = Math.sqrt(measured.length);
  const tasks = first.tasks.map(({ task, metric }) => {
    const values = measured.flatMap((one) => one.tasks.filter((each) => each.task === task).map((each) => each.value));
    const deviation = noise?.tasks[task];
    return [task, { metric, value: meanOf(values), noise: deviation === undefined ? null : deviation / root }] as const;
  });
  return [
    {
      rank: 0,
      id: run._id,
      provisional: identity.kind === 'candidate' && identity.status !== 'confirmed',
      runs: runs.map((each) => each._id),
      outcome: 'completed',
      ...identity,
      languageModelLoss: meanOf(measured.map((one) => one.languageModelLoss)),
      battery: meanOf(measured.map((one) => one.battery)),
      tasks: Object.fromEntries(tasks),
      noise: noise
        ? {
            fitness: noise.fitness / root,
            merit: noise.merit / root,
            languageModelLoss: noise.languageModelLoss / root,
            battery: noise.battery / root,
          }
        : null,
      difference: asFreshSeedsSay(identity.status, differenceToAnchor(identity, measured.length, reference)),
      parameters: first.parameters.mixer,
      flopsPerToken: first.flopsPerToken,
      seconds: meanOf(measured.map((one) => one.cpuSeconds)),
    },
  ];
}

function differenceToAnchor(identity: Identity, runs: number, reference: Reference | null) {
  const model = reference?.models.find(({ name }) => name === anchor);
  if (!reference || !model || identity.merit === null || identity.name === anchor) return null;
  return differenceOf(
    { mean: identity.merit, runs },
    { mean: model.merit, runs: model.seeds },
    { deviation: reference.noise.merit, degreesOfFreedom: reference.noise.degreesOfFreedom },
  );
}

/** The run for whose number a candidate was chosen shows nothing any more where fresh seeds did not show it again. */
const asFreshSeedsSay = (status: LeaderboardRow['status'], difference: LeaderboardRow['difference']) =>
  difference?.verdict === 'better' && (status === 'not-confirmed' || status === 'refuted')
    ? { ...difference, verdict: 'inside-noise' as const }
    : difference;

/** Whether fresh seeds, and not the interval, are why a difference is not called better: see `asFreshSeedsSay`. */
export const isNotShownAgain = (difference: Pick<z.infer<typeof differenceSchema>, 'verdict' | 'low'>): boolean =>
  difference.verdict === 'inside-noise' && difference.low > 0;

const byFitness = (a: LeaderboardRow, b: LeaderboardRow) =>
  (b.fitness ?? -1) - (a.fitness ?? -1) || (b.merit ?? -1) - (a.merit ?? -1) || (a.id < b.id ? -1 : 1);

function meanOfKnown(values: ReadonlyArray<number | null>): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : meanOf(known);
}
