import {
  type CampaignRecord,
  type ConfirmationResult,
  type ExperimentRecord,
  hashJson,
  type Insight,
  type Measurement,
} from '@asi/contracts';

/** What a campaign decided or found in one place: the same in every run of it, whatever was late, lost or done in parallel. */
export type Decision = {
  /** The experiment, `reference`, or `confirmation of` a candidate. */
  readonly id: string;
  /** In the order of its life: the first field that differs is where two runs part. */
  readonly fields: Readonly<Record<string, unknown>>;
};

/** What the decisions of a campaign are functions of. */
export type DecidedCampaign = {
  readonly campaign: Pick<CampaignRecord, '_id' | 'reference' | 'confirmations'>;
  /** Its own settled experiments that are compared. */
  readonly experiments: readonly ExperimentRecord[];
  readonly insights: ReadonlyMap<string, Insight>;
  readonly confirmations: readonly ConfirmationResult[];
};

/** The id of the decision that is the reference of the campaign. */
export const referenceDecision = 'reference';
/** Whether a decision is a verdict, which is known at the end only. */
export const isVerdict = ({ id }: Decision): boolean => id.startsWith(verdictOf);
const verdictOf = 'confirmation of ';

const places = { baseline: 0, candidate: 1, confirmation: 2 } as const;

/** Experiments in the order in which a campaign decides: baselines, candidates as they were sampled, runs with fresh seeds. */
export const inOrderOfDecision = (experiments: readonly ExperimentRecord[]): ExperimentRecord[] =>
  [...experiments].sort(
    (a, b) => places[a.kind] - places[b.kind] || (a.ordinal ?? 0) - (b.ordinal ?? 0) || (a._id < b._id ? -1 : 1),
  );

/**
 * Everything that a campaign decided, in order.
 *
 * R1: no decision holds a time, a duration, a cost, a number of attempts, the id of a message, or the hash of a body that
 *     holds one of these (certificates, logs); nor flags, some of which are told by the CPU time of threads, and on which
 *     nothing is decided; nor the numbers of drafts of a design that was given up, which its reason tells in every version.
 * R2: the order in which experiments settled, or are given here, changes nothing.
 */
export function decisionsOf({ campaign, experiments, insights, confirmations }: DecidedCampaign): Decision[] {
  const settled = inOrderOfDecision(experiments).map((record) => ({
    kind: record.kind,
    decision: { id: record._id, fields: fieldsOf(record, insights.get(record._id) ?? null) },
  }));
  const of = (kind: ExperimentRecord['kind']) =>
    settled.filter((one) => one.kind === kind).map(({ decision }) => decision);
  const verdicts = confirmations.map((one) => ({ id: `${verdictOf}${one.candidateId}`, fields: { ...one } }));
  return [
    ...of('baseline'),
    { id: referenceDecision, fields: { ...campaign.reference } },
    ...of('candidate'),
    ...of('confirmation'),
    ...verdicts,
  ];
}

/** SHA-256 over the canonical JSON of all decisions. */
export const digestOf = (decisions: readonly Decision[]): string => hashJson({ version: 1, decisions });

/** The decisions of one experiment, in the order of its life. */
export function fieldsOf(record: ExperimentRecord, insight: Insight | null): Decision['fields'] {
  const { kind, ordinal, arm, name, seed, yardstick, parentId, referenceIds, horizon } = record;
  const { program, judgement, analysis, fitness, outcome } = record;
  return {
    kind,
    ordinal,
    arm,
    seed,
    yardstick,
    horizon,
    parentId,
    referenceIds,
    name,
    design: record.design && without(record.design, ofCertificate),
    program,
    revisions: (record.revisions ?? []).map((one) => ({
      ...without(one, ofCertificate),
      cause: without(one.cause, ['evidenceHash']),
    })),
    measurement: record.measurement && measured(record.measurement),
    judgement,
    analysis,
    insight: insight && without(insight, ['at']),
    fitness,
    outcome,
    reason: record.reason && without(record.reason, ['evidenceHash']),
  };
}

const ofCertificate = ['certificateHash', 'flags'] as const;

/** Times, and by what and under which isolation it was run, are no part of what was measured. */
const conditions = [
  'trainTokensPerSecond',
  'inferenceTokensPerSecond',
  'neighbourCores',
  'peakMemoryBytes',
  'cpuSeconds',
  'startUpSeconds',
  'workSeconds',
  'isolationTier',
  'isolationProof',
  'runner',
] as const satisfies ReadonlyArray<keyof Measurement>;

const measured = (measurement: Measurement) => ({
  ...without(measurement, conditions),
  tasks: measurement.tasks.map((task) => without(task, ['trainCpuSeconds'])),
});

function without<T extends object, Key extends keyof T & string>(value: T, keys: readonly Key[]): Omit<T, Key> {
  const left = Object.entries(value).filter(([key]) => !keys.some((one) => one === key));
  return Object.fromEntries(left) as Omit<T, Key>;
}
