import {
  type ArtifactHash,
  type Design,
  designSchema,
  type ExperimentRecord,
  experimentKindSchema,
  experimentRecordSchema,
  type Insight,
  insightSchema,
  type Measurement,
  measurementSchema,
} from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { z } from 'zod';
import { type FreshPairs, freshPairsSchema } from './fresh-pairs.ts';
import { type LeaderboardRow, leaderboardRowSchema } from './leaderboard.ts';
import { type PartInConfirmation, partInConfirmationSchema } from './part-in-confirmation.ts';
import { type Spent, spentSchema } from './spent.ts';

export const experimentViewSchema = z.object({
  id: z.string().describe('the experiment'),
  campaignId: z.string().describe('its campaign'),
  kind: experimentKindSchema,
  ordinal: z.number().int().nullable().describe('place in the order of sampling; null for baselines'),
  arm: z.string().nullable().describe('of the campaign; null where it is not split, and of baselines'),
  name: z.string().describe('of the design or the baseline'),
  finished: z.boolean().describe('whether it has ended'),
  state: z.string().describe('of its state machine: training.running, assessing..., or how it ended'),
  since: z.string().describe('in this state since'),
  sampledAt: z.string().describe('when it was begun'),
  parentId: z.string().nullable().describe('what it was designed from; null for baselines'),
  design: designSchema.nullable().describe('what was designed, as soon as it is; null of baselines'),
  measurement: measurementSchema.nullable().describe('what its training came to, as soon as it is measured'),
  standing: leaderboardRowSchema.nullable().describe('its row of the leaderboard'),
  confirmations: z
    .array(freshPairsSchema)
    .describe(
      'of a candidate every confirmation of it, in the order in which they were begun, with the runs that were made; `confirmation` of `standing` is the result that counts',
    ),
  partOf: z
    .array(partInConfirmationSchema)
    .describe('of a run of a confirmation what it was made for, else empty; several only in older records'),
  record: experimentRecordSchema
    .nullable()
    .describe('the whole finished record: design, measurement, judgement, analysis'),
  insight: insightSchema.nullable().describe('what its analysis left for later designs'),
  spent: spentSchema.describe('what it took so far: every training that was started for it, and its certificate'),
  artifacts: z
    .object({
      program: z.string().nullable().describe('code, also of its parent where that is a candidate'),
      parentProgram: z.string().nullable().describe("its parent's code"),
      genome: z.string().nullable().describe("the grammar's genome as JSON"),
      certificate: z.string().nullable().describe('the certificate that it passed'),
      curves: z.string().nullable().describe('training curves, see Curves'),
      raw: z.string().nullable().describe('raw arrays of the measurement'),
      evidence: z.string().nullable().describe('of the end without a result, for example the end of the log'),
    })
    .describe('hashes; the bodies are read with `asi show ID --artifact HASH`'),
});
export type ExperimentView = z.infer<typeof experimentViewSchema>;

export type Related = {
  readonly standing: LeaderboardRow | null;
  readonly confirmations: readonly FreshPairs[];
  readonly partOf: readonly PartInConfirmation[];
  readonly insight: Insight | null;
  readonly parent: ExperimentRecord | null;
  readonly spent: Spent;
};

const noArtifacts = {
  program: null,
  parentProgram: null,
  genome: null,
  certificate: null,
  curves: null,
  raw: null,
  evidence: null,
};

/** One finished experiment. */
export function finishedView(
  record: ExperimentRecord,
  { standing, confirmations, partOf, insight, parent, spent }: Related,
): ExperimentView {
  return {
    id: record._id,
    campaignId: record.campaignId,
    kind: record.kind,
    ordinal: record.ordinal,
    arm: record.arm,
    name: record.name,
    finished: true,
    state: record.outcome,
    since: record.finishedAt,
    sampledAt: record.sampledAt,
    parentId: record.parentId,
    design: record.design,
    measurement: record.measurement,
    standing,
    confirmations: [...confirmations],
    partOf: [...partOf],
    record,
    insight,
    spent,
    artifacts: {
      ...artifactsOf(record.design),
      program: programHashOf(record),
      parentProgram: parent ? programHashOf(parent) : null,
      ...rawArtifactsOf(record.measurement),
      evidence: record.reason?.evidenceHash ?? null,
    },
  };
}

/** One experiment that is under way. */
export function inflightView(
  { _id, view }: Inflight,
  { spent, partOf }: Pick<Related, 'spent' | 'partOf'>,
): ExperimentView {
  return {
    id: _id,
    campaignId: view.campaignId,
    kind: view.kind,
    ordinal: view.ordinal,
    arm: view.arm,
    name: view.name,
    finished: false,
    state: view.state,
    since: view.since,
    sampledAt: view.sampledAt,
    parentId: view.parentId,
    design: view.design,
    measurement: view.measurement,
    standing: null,
    confirmations: [],
    partOf: [...partOf],
    record: null,
    insight: null,
    spent,
    artifacts: { ...noArtifacts, ...artifactsOf(view.design), ...rawArtifactsOf(view.measurement) },
  };
}

const artifactsOf = (design: Design | null) => ({
  program: design?.programHash ?? null,
  genome: design?.genomeHash ?? null,
  certificate: design?.certificateHash ?? null,
});

const rawArtifactsOf = (measurement: Measurement | null) => ({
  curves: measurement?.curvesHash ?? null,
  raw: measurement?.rawHash ?? null,
});

export function programHashOf(record: ExperimentRecord): ArtifactHash | null {
  if (record.design) return record.design.programHash;
  return record.program?.kind === 'source' ? record.program.hash : null;
}
