import {
  campaignStateSchema,
  deniedModelSchema,
  experimentKindSchema,
  isOpenCampaign,
  reachedCapSchema,
} from '@asi/contracts';
import { possibleDeviation } from '@asi/statistics';
import { z } from 'zod';
import { confirmationsOf, trainingsNeeded } from './confirmations.ts';
import { type LeaderboardRow, leaderboardOf, leaderboardRowSchema } from './leaderboard.ts';
import type { Material } from './material.ts';
import { secondsPerExperiment } from './pace.ts';
import { reachedOf } from './reached.ts';
import { secondsLeft, secondsToSample } from './seconds-left.ts';

const inflightRowSchema = z.object({
  id: z.string().describe('the experiment'),
  kind: experimentKindSchema,
  name: z.string().describe('of the design, or of the experiment before there is one'),
  ordinal: z.number().int().nullable().describe('place in the order of sampling; null for baselines'),
  parentId: z.string().nullable().describe('what it is designed from; null for baselines'),
  state: z.string().describe('of its state machine, for example training.running'),
  since: z.string().describe('in this state since'),
  attempt: z.number().int().describe('at this stage'),
});
export type InflightRow = z.infer<typeof inflightRowSchema>;

export const progressSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  title: z.string().describe('what people call it'),
  state: campaignStateSchema.describe('what it is doing'),
  note: z.string().describe('why it is paused, finished or cancelled'),
  capped: reachedCapSchema.nullable().describe('the cap of spending that paused it; null otherwise'),
  denied: deniedModelSchema
    .nullable()
    .describe("the refusal of a language model's endpoint that paused it; null otherwise"),
  policy: z.string().describe('how parents are chosen'),
  candidates: z
    .object({
      wanted: z.number().int().describe('completed candidates after which it ends'),
      completed: z.number().int().describe('with a result'),
      rejected: z.number().int().describe('as twins, or by a gate before or after training'),
      failed: z.number().int().describe('something went wrong'),
      cancelled: z.number().int().describe('by a person, or with the campaign'),
      inFlight: z.number().int().describe('under way'),
    })
    .describe('how many are where'),
  baselines: z
    .object({
      wanted: z
        .number()
        .int()
        .describe(
          'one for each seed of each model, but not those that ended without a result and are not trained again',
        ),
      completed: z.number().int().describe('measured, or judged as well'),
      withoutResult: z.number().int().describe('failed or cancelled and not trained again; not in `wanted`'),
      reused: z.number().int().describe('runs of earlier campaigns that stand in for new ones'),
    })
    .describe('runs of reference models'),
  learnsFrom: z
    .number()
    .int()
    .describe(
      'completed candidates of earlier campaigns with the same yardstick: from its first design on it may learn from them',
    ),
  work: z
    .object({
      wanted: z
        .number()
        .int()
        .describe('candidates, baseline runs that it makes itself (reused ones left out), and runs of confirmations'),
      completed: z.number().int().describe('of these, measured'),
    })
    .describe('how far the campaign is'),
  confirmations: z
    .object({
      begun: z.number().int().describe('candidates sent to confirmation with fresh seeds'),
      concluded: z.number().int().describe('of these, with an end'),
      confirmed: z.number().int().describe('of these, found better'),
      runsWanted: z.number().int().describe('trainings up to the next look of each, different ones'),
      runsDone: z.number().int().describe('of these, settled'),
      note: z.string().describe('why nobody was sent; empty otherwise'),
    })
    .describe('repetitions of the best candidates'),
  inFlight: z.array(inflightRowSchema).describe('experiments under way, in the order of sampling'),
  inFlightByState: z.record(z.string(), z.number().int()).describe('how many are in each state'),
  experimentsPerHour: z.number().nullable().describe('finished ones, over the latest; null before the second'),
  elapsedSeconds: z.number().describe('since the start, until the end'),
  secondsLeft: z.number().nullable().describe('estimate; null while nothing can be said, 0 when finished'),
  noise: z.string().nullable().describe('how large the noise of merit is and how it was measured, in one sentence'),
  best: leaderboardRowSchema.nullable().describe('best candidate'),
  bestBaseline: leaderboardRowSchema.nullable().describe('by fitness; null before the first'),
  startedAt: z.string().describe('when it was started'),
  finishedAt: z.string().nullable().describe('when it ended; null before'),
});
export type Progress = z.infer<typeof progressSchema>;

/** How far the campaign is, at this time. */
export function progressOf(material: Material, now: Date): Progress {
  const { campaign, candidates, baselines } = material;
  const { settings } = campaign;
  const settled = new Set([...candidates, ...baselines].map((one) => one._id as string));
  const underWay = material.inflight.filter((one) => !one.settled && !settled.has(one._id));
  const byState: Record<string, number> = {};
  for (const { view } of underWay) byState[view.state] = (byState[view.state] ?? 0) + 1;
  const counted = (outcome: string) => candidates.filter((one) => one.outcome === outcome).length;
  const { rows } = leaderboardOf(material);
  const best = (kind: LeaderboardRow['kind']) =>
    rows.find((row) => row.kind === kind && row.fitness !== null) ?? rows.find((row) => row.kind === kind) ?? null;
  // What is trained again has another run in its place, and is not among these.
  const lostBaselines = baselines.filter(
    (one) => one.outcome !== 'completed' && campaign.baselineIds.includes(one._id),
  ).length;
  const wantedBaselines = settings.baselines.reduce((sum, one) => sum + one.seeds.length, 0) - lostBaselines;
  const reached = reachedOf(material);
  const completed = reached.candidate.length;
  const doneBaselines = reached.baseline.length;
  // What is measured waits for nothing that takes long.
  const measuredCandidates = underWay.filter(({ view }) => view.kind === 'candidate' && view.measuredAt).length;
  const reused = baselines.filter((one) => one.outcome === 'completed' && one.campaignId !== campaign._id).length;
  const runs = confirmationProgress(material);
  const ended = !isOpenCampaign(campaign);
  const end = campaign.finishedAt ? Date.parse(campaign.finishedAt) : now.getTime();
  const pace = secondsPerExperiment(material, now);
  return {
    campaignId: campaign._id,
    title: settings.title,
    state: campaign.state,
    note: campaign.note,
    capped: campaign.capped,
    denied: campaign.denied,
    policy: settings.policy,
    candidates: {
      wanted: settings.budget.candidates,
      completed,
      rejected: counted('rejected'),
      failed: counted('failed'),
      cancelled: counted('cancelled'),
      inFlight: underWay.filter(({ view }) => view.kind === 'candidate').length,
    },
    baselines: {
      wanted: wantedBaselines,
      completed: doneBaselines,
      withoutResult: lostBaselines,
      reused,
    },
    // Reused runs cost this campaign nothing: with them it would look half done before its first candidate.
    work: {
      wanted: settings.budget.candidates + wantedBaselines - reused + runs.runsWanted,
      completed:
        Math.min(completed, settings.budget.candidates) +
        Math.min(doneBaselines, wantedBaselines) -
        reused +
        runs.runsDone,
    },
    confirmations: runs,
    inFlight: underWay.map(({ _id, view }) => ({
      id: _id,
      kind: view.kind,
      name: view.name,
      ordinal: view.ordinal,
      parentId: view.parentId,
      state: view.state,
      since: view.since,
      attempt: view.attempt,
    })),
    inFlightByState: byState,
    experimentsPerHour: pace === null ? null : 3600 / pace,
    elapsedSeconds: Math.max(0, (end - Date.parse(campaign.startedAt)) / 1000),
    secondsLeft: ended
      ? 0
      : secondsLeft({
          pace,
          baselines: Math.max(0, wantedBaselines - doneBaselines),
          candidates: Math.max(0, settings.budget.candidates - completed - measuredCandidates),
          candidatesUnderWay: underWay.filter(({ view }) => view.kind === 'candidate' && !view.measuredAt).length,
          confirmations: runs.runsWanted - runs.runsDone,
          secondsToSample: secondsToSample(campaign, now),
        }),
    noise: noiseSentence(material),
    best: best('candidate'),
    bestBaseline: best('baseline'),
    learnsFrom: material.earlier.filter(({ kind }) => kind === 'candidate').length,
    startedAt: campaign.startedAt,
    finishedAt: campaign.finishedAt,
  };
}

/** Repetitions: how many of the trainings that are known to be needed are there. */
function confirmationProgress(material: Material): Progress['confirmations'] {
  const { campaign, confirmationRuns } = material;
  const results = confirmationsOf(material);
  const settled = new Set(confirmationRuns.map((one) => one._id as string));
  const wanted = new Set<string>();
  for (const [index, confirmation] of campaign.confirmations.entries())
    for (const id of trainingsNeeded(confirmation, results[index]?.pairs ?? 0)) wanted.add(id);
  return {
    begun: results.length,
    concluded: campaign.confirmations.filter((one) => one.concludedAt !== null).length,
    confirmed: results.filter(({ status }) => status === 'confirmed').length,
    runsWanted: wanted.size,
    runsDone: [...wanted].filter((id) => settled.has(id)).length,
    note: campaign.confirmationNote,
  };
}

/** The noise of merit in one sentence a person can act on; null until the baselines are measured. */
export function noiseSentence({ campaign }: Material): string | null {
  const noise = campaign.reference?.noise;
  if (!noise) return null;
  return `±${possibleDeviation(noise.merit).toFixed(3)} merit between seeds (one standard deviation of one run): ${noise.method}, ${noise.degreesOfFreedom} ${noise.degreesOfFreedom === 1 ? 'degree' : 'degrees'} of freedom`;
}
