import { candidateIdOf, type ExperimentRecord, experimentRecordSchema, seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleCampaign } from '../testing/sample-campaign.ts';
import { withConfirmation } from '../testing/sample-confirmation.ts';
import { materialOf } from '../testing/sample-material.ts';
import { confirmationsOf } from '../views/confirmations.ts';
import { type DecidedCampaign, decisionsOf, digestOf, inOrderOfDecision } from './decisions.ts';
import { firstDivergence } from './first-divergence.ts';

const candidate = { recall: 0.8, parity: 0.6, languageModelLoss: 1.55 };
const deltaNet = { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 };
const sample = withConfirmation(sampleCampaign(), { candidate, deltaNet }, seededRandom('replay'));
const recorded: DecidedCampaign = {
  campaign: sample.campaign,
  experiments: sample.experiments,
  insights: new Map(sample.insights.map((one) => [one._id, one])),
  confirmations: confirmationsOf(materialOf(sample)),
};
const digest = digestOf(decisionsOf(recorded));
const withExperiments = (experiments: readonly ExperimentRecord[]): DecidedCampaign => ({ ...recorded, experiments });

/** What may differ between two runs of one campaign, by the last part of its path. */
const free = new Set([
  ...['sampledAt', 'measuredAt', 'finishedAt', 'trainTokensPerSecond', 'inferenceTokensPerSecond', 'neighbourCores'],
  ...['peakMemoryBytes', 'cpuSeconds', 'startUpSeconds', 'workSeconds', 'trainCpuSeconds', 'isolationTier'],
  ...['isolationProof', 'runner', 'certificateHash', 'evidenceHash', 'flags', 'thrownAway'],
]);
/** Follow from the id, which orders the decisions. */
const derived = new Set(['_id', 'campaignId', 'campaignNumber', 'baseline']);

type Path = readonly string[];
const leavesOf = (value: unknown, path: Path = []): Path[] =>
  value !== null && typeof value === 'object' && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))
    : [path];

/** A copy with another value at the path. */
function changed<T>(value: T, [key = '', ...rest]: Path): T {
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = rest.length > 0 ? changed(copy[key], rest) : otherThan(copy[key]);
  return copy as T;
}
const otherThan = (value: unknown) =>
  typeof value === 'number' ? value + 2 ** -20 * Math.max(1, Math.abs(value)) : `${String(value)} changed`;

test('neither the order of arrival nor any time, cost or attempt changes the digest', () => {
  const places = recorded.experiments.flatMap((record, index) =>
    leavesOf(record)
      .filter((path) => path.some((part) => free.has(part)) || path[0] === 'attempts')
      .map((path) => ({ index, path })),
  );
  expect(places.length).toBeGreaterThan(100);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...recorded.experiments], { minLength: recorded.experiments.length }),
      fc.subarray(places, { maxLength: 20 }),
      (shuffled, touched) => {
        const late = shuffled.map((record) => {
          const index = recorded.experiments.indexOf(record);
          return touched.filter((one) => one.index === index).reduce((copy, { path }) => changed(copy, path), record);
        });
        expect(digestOf(decisionsOf(withExperiments(late)))).toBe(digest);
      },
    ),
    { numRuns: 30 },
  );
});

test('the ten-thousandth candidate is decided after the one before it, so that no later divergence is named first', () => {
  const [, ...all] = recorded.experiments.filter(({ kind }) => kind === 'candidate');
  const numbered = [9999, 10_000, 10_001].flatMap((ordinal, index) => {
    const record = all[index];
    return record ? [{ ...record, _id: candidateIdOf(sample.campaign._id, ordinal), ordinal }] : [];
  });
  expect(inOrderOfDecision(numbered.toReversed())).toEqual(numbered);
});

test('every scientific field of an experiment changes the digest, and is the divergence that is named', () => {
  // One of every kind and end: an experiment is compared alike wherever it stands.
  const kinds = Map.groupBy(recorded.experiments, ({ kind, outcome }) => `${kind} ${outcome}`);
  const few = [...kinds.values()].flatMap(([first]) => first ?? []);
  expect([...kinds.keys()].sort()).toEqual([
    ...['baseline completed', 'candidate completed', 'candidate failed', 'candidate rejected'],
    'confirmation completed',
  ]);
  const before = decisionsOf(withExperiments(few));
  let seen = 0;
  for (const [index, record] of few.entries()) {
    for (const path of leavesOf(record)) {
      const top = path[0] ?? '';
      if (path.some((part) => free.has(part)) || derived.has(top) || top === 'attempts') continue;
      // The kind decides about the place in the order, which the id says as well; what is absent has no fields to change.
      if (top === 'kind' || (path.length === 1 && record[top as keyof ExperimentRecord] === null)) continue;
      const after = decisionsOf(withExperiments(few.with(index, changed(record, path))));
      expect(digestOf(after), path.join('.')).not.toBe(digestOf(before));
      expect(firstDivergence(before, after)).toMatchObject({ id: record._id, field: path.join('.') });
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(200);
});

test('every field of a record is known to be free or compared: a new one must be decided about', () => {
  const measured = recorded.experiments.find(({ design, measurement }) => design && measurement);
  if (!measured) throw new Error('no measured candidate in the sample');
  const compared = new Set(Object.keys(decisionsOf(recorded).find(({ id }) => id === measured._id)?.fields ?? {}));
  for (const field of Object.keys(experimentRecordSchema.shape))
    expect(compared.has(field) || free.has(field) || derived.has(field) || field === 'attempts', field).toBe(true);
});

test('insights, the reference and verdicts of confirmations are decisions too, and the first that differs is named', () => {
  const [insight] = sample.insights;
  const [confirmation] = recorded.confirmations;
  const { reference } = sample.campaign;
  if (!insight || !confirmation || !reference)
    throw new Error('the sample lacks an insight, a confirmation or a reference');
  const otherInsight = new Map(recorded.insights).set(insight._id, { ...insight, text: 'otherwise' });
  const otherVerdict = [{ ...confirmation, pairs: confirmation.pairs + 1 }, ...recorded.confirmations.slice(1)];
  const otherReference = { ...reference, band: { ...reference.band, loss: reference.band.loss + 1 } };
  const divergence = (change: Partial<DecidedCampaign>) =>
    firstDivergence(decisionsOf(recorded), decisionsOf({ ...recorded, ...change }));
  expect(divergence({ insights: otherInsight })).toMatchObject({ id: insight.experimentId, field: 'insight.text' });
  expect(divergence({ confirmations: otherVerdict })).toMatchObject({
    id: `confirmation of ${confirmation.candidateId}`,
    field: 'pairs',
    recorded: String(confirmation.pairs),
  });
  expect(
    divergence({
      insights: otherInsight,
      confirmations: otherVerdict,
      campaign: { ...sample.campaign, reference: otherReference },
    }),
  ).toMatchObject({ id: 'reference', field: 'band.loss' });
});

test('an experiment that only one of the two runs has is a divergence, whichever has it', () => {
  const last = recorded.experiments.at(-1)?._id;
  const shorter = decisionsOf(withExperiments(recorded.experiments.slice(0, -1)));
  const whole = decisionsOf(recorded);
  expect(firstDivergence(whole, shorter)).toMatchObject({ id: last, field: '', replayed: null });
  expect(firstDivergence(shorter, whole)).toMatchObject({ id: last, field: '', recorded: null });
});
