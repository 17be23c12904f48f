import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import {
  attemptTokenOf,
  type CampaignRecord,
  type Confirmation,
  catalogue,
  type ExperimentRecord,
  type Measurement,
  measurementSchema,
  seededRandom,
} from '@asi/contracts';
import { openReading } from '@asi/reading';
import {
  insertSampleCampaign,
  publishSampleJournal,
  type SampleCampaign,
  sampleCampaign,
  withConfirmation,
} from '@asi/reading/testing';
import { fitnessOf } from '@asi/statistics';
import { artifactsIn, campaignsIn, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rescoreRaw } from '../rescore/rescore-raw.ts';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { captureCli } from '../testing/captured-context.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-rescore-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
afterAll(() => rmSync(home, { recursive: true, force: true }));

// Three sequences with 1, 2 and 1 scored positions; the bits of the hits are 1, 0, 1, 1.
const losses = Float32Array.of(0.5, 1.25, 0.75, 2);
const task = {
  answers: [1, 2, 1],
  answerLosses: Buffer.from(losses.buffer).toString('base64'),
  answerHits: Buffer.of(0b1011_0000).toString('base64'),
  negativeLogLikelihood: [0.5, 1, 2],
  accuracy: [1, 0.5, 1],
  audit: null,
};
const raw = JSON.stringify({ parity: task, 'language-model': task });
const sampled = (number: number): SampleCampaign =>
  sampleCampaign({ number, candidates: 18, wanted: 18, state: 'finished' });
const qualities = { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 };
const [sample, silent] = [sampled(1), sampled(2)];
const secret = 'told to nobody';
const confirmedAs = (number: number): SampleCampaign => {
  const of = sampled(number);
  const settings = { ...of.campaign.settings, evaluationSeed: secret };
  return withConfirmation(
    { ...of, campaign: { ...of.campaign, settings } },
    { candidate: qualities, deltaNet: qualities },
    seededRandom('moved', number),
  );
};
const measuredOf = ({ experiments }: SampleCampaign, kind: ExperimentRecord['kind'] = 'candidate') =>
  experiments.filter((one) => one.measurement !== null && one.kind === kind);
const measured = measuredOf(sample);
const older = measured.at(-1);

/** The measurement of a sample with scores that follow from `raw`, as the trainer itself computes them. */
async function honestMeasurement(base: Measurement, rawHash: Measurement['rawHash']): Promise<Measurement> {
  const kept = base.tasks.filter((one) => one.task === 'parity' || one.task === 'language-model');
  const again = await rescoreRaw(raw, { ...base, tasks: kept, rawHash }, env);
  const tasks = again.tasks.map((scores) => ({ ...kept.find((one) => one.task === scores.task), ...scores }));
  return measurementSchema.parse({ ...base, ...again, tasks, rawHash });
}

type Forgery = (honest: ExperimentRecord) => Partial<ExperimentRecord>;
const forgedFitness =
  (change: Partial<NonNullable<ExperimentRecord['fitness']>>): Forgery =>
  ({ fitness }) => ({ fitness: fitness && { ...fitness, ...change } });
const forgedIn =
  <Part extends 'measurement' | 'judgement' | 'analysis'>(
    part: Part,
    change: (honest: NonNullable<ExperimentRecord[Part]>) => NonNullable<ExperimentRecord[Part]>,
  ): Forgery =>
  (honest) => ({ [part]: honest[part] && change(honest[part]) });
/** What somebody wrote into a record; the numbers that no longer follow; the fields that nobody announced. */
const forgeries: ReadonlyArray<
  readonly [what: string, forge: Forgery, scores: readonly string[], fields: readonly string[]]
> = [
  ['nothing', () => ({}), [], []],
  [
    'a battery that is larger by a billionth',
    forgedIn('measurement', (honest) => ({ ...honest, battery: honest.battery + 1e-9 })),
    ['battery'],
    ['measurement.battery'],
  ],
  ['the fitness that the leaderboard ranks by', forgedFitness({ total: 0.9999 }), ['fitness.total'], ['fitness.total']],
  [
    'merit, with a yardstick that is not that of the campaign',
    (honest) => ({ ...forgedFitness({ merit: 0.99 })(honest), yardstick: `${honest.yardstick}x` }),
    ['yardstick', 'fitness.merit'],
    ['yardstick', 'fitness.merit'],
  ],
  ["the judge's part", forgedFitness({ judge: 1 }), ['fitness.judge'], ['fitness.judge']],
  [
    'a judgement that its criteria do not give, with a fitness that follows from it',
    ({ measurement, judgement }) => {
      const better = judgement && { ...judgement, total: judgement.total + 0.01 };
      return { judgement: better, fitness: measurement && fitnessOf(measurement, referenceOf(sample), better) };
    },
    ['judgement.total'],
    ['judgement.total', 'fitness.judge', 'fitness.total'],
  ],
  [
    "other weights of the judge's criteria, with a total and a fitness that follow",
    ({ measurement, judgement }) => {
      const better = judgement && {
        ...judgement,
        criteria: { ...judgement.criteria, innovation: 9 },
        weights: { innovation: 1, complexity: 0, performance: 0 },
        total: 9,
      };
      return { judgement: better, fitness: measurement && fitnessOf(measurement, referenceOf(sample), better) };
    },
    [],
    [
      'judgement.criteria.innovation',
      'judgement.weights.innovation',
      'judgement.weights.complexity',
      'judgement.weights.performance',
      'judgement.total',
      'fitness.judge',
      'fitness.total',
    ],
  ],
  [
    'that nothing is too good about it',
    forgedFitness({ suspicious: false }),
    ['fitness.suspicious'],
    ['fitness.suspicious'],
  ],
  [
    'no fitness at all, so that it ranks last',
    () => ({ fitness: null }),
    ['loss', 'benchmark', 'judge', 'merit', 'total', 'suspicious'].map((part) => `fitness.${part}`),
    ['loss', 'benchmark', 'judge', 'merit', 'total', 'suspicious'].map((part) => `fitness.${part}`),
  ],
  [
    'a lead over a relative that nobody measured',
    forgedIn('analysis', (honest) => ({
      ...honest,
      comparisons: honest.comparisons.map((one) => ({ ...one, meritDifference: 0.9 })).slice(0, 1),
    })),
    [],
    [
      'analysis.comparisons.0.meritDifference',
      ...['relation', 'experimentId', 'name', 'meritDifference', 'beyondNoise'].map(
        (one) => `analysis.comparisons.1.${one}`,
      ),
    ],
  ],
  [
    'another seed, and isolation that there was not',
    forgedIn('measurement', (honest) => ({ ...honest, seed: honest.seed + 1, isolationTier: 2 })),
    [],
    ['measurement.seed', 'measurement.isolationTier'],
  ],
  ['no judgement', () => ({ judgement: null }), ['fitness.judge', 'fitness.total'], []],
];

type CampaignForgery = (honest: CampaignRecord) => Partial<CampaignRecord>;
const forgedPlan =
  (change: (honest: Confirmation) => Partial<Confirmation>): CampaignForgery =>
  ({ confirmations }) => ({ confirmations: confirmations.map((one) => ({ ...one, ...change(one) })) });
/** What somebody wrote into the record of a campaign, and what is no more as it was announced. */
const campaignForgeries: ReadonlyArray<readonly [what: string, forge: CampaignForgery, fields: readonly string[]]> = [
  ['nothing', () => ({}), []],
  [
    'less noise',
    ({ reference }) => ({ reference: reference && { ...reference, noise: { ...reference.noise, merit: 1e-6 } } }),
    ['reference.noise.merit'],
  ],
  [
    'an objective without the judge',
    ({ settings }) => ({ settings: { ...settings, objective: 'merit' as const } }),
    ['settings.objective'],
  ],
  ['a level at which chance confirms', forgedPlan(() => ({ level: 0.95 })), ['confirmations.1.level']],
  [
    'the best run of a confirmation three times',
    forgedPlan(({ runs: [first, second, , ...others], against }) => ({
      runs: [first, second, second, ...others].flatMap((one) => one ?? []),
      against: against.map((one) => ({
        ...one,
        runs: one.runs.map(() => one.runs[2] ?? one.runs[0]).flatMap((run) => run ?? []),
      })),
    })),
    ['confirmations.1.runs.2', ...[0, 1, 3, 4, 5, 6, 7].map((which) => `confirmations.1.against.0.runs.${which}`)],
  ],
  [
    'a single look, after two pairs',
    forgedPlan(() => ({ looks: [2] })),
    ['confirmations.1.looks.0', 'confirmations.1.looks.1', 'confirmations.1.looks.2', 'confirmations.1.came-to.pairs'],
  ],
  [
    'no confirmation, so that it stays provisional',
    () => ({ confirmations: [] }),
    ['confirmations.1.level', 'confirmations.1.came-to.status'],
  ],
];
const rigged = campaignForgeries.map((_, index) => confirmedAs(3 + index));

function referenceOf({ campaign }: SampleCampaign) {
  if (!campaign.reference) throw new Error('the sample has a reference');
  return campaign.reference;
}

beforeAll(async () => {
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  const rawHash = await artifactsIn(database).put(raw, 'application/json');
  for (const each of [sample, silent, ...rigged]) {
    const reference = referenceOf(each);
    const forgeriesOfIt = each === sample ? forgeries : forgeries.slice(0, 1);
    const changed = await Promise.all(
      [...measuredOf(each).slice(0, forgeriesOfIt.length), ...measuredOf(each, 'confirmation').slice(0, 1)].map(
        async (one): Promise<ExperimentRecord> => {
          const measurement = await honestMeasurement(one.measurement as Measurement, rawHash);
          const fitness = one.kind === 'candidate' ? fitnessOf(measurement, reference, one.judgement) : null;
          return { ...one, measurement, fitness };
        },
      ),
    );
    const forged = changed.map((honest, index) => ({ ...honest, ...forgeriesOfIt[index]?.[1](honest) }));
    const others = each.experiments.filter((one) => !changed.some(({ _id }) => _id === one._id));
    await insertSampleCampaign(database, { ...each, experiments: [...others, ...forged] });
    if (each === silent) continue;
    await publishSampleJournal(bus, { ...each, experiments: changed });
    const { _id: campaignId, confirmations, rev } = each.campaign;
    await bus.publish(catalogue.referenceSet, { experimentId: null, campaignId, data: { campaignId, reference } });
    for (const confirmation of confirmations)
      await bus.publish(catalogue.confirmationPlanned, {
        experimentId: confirmation.candidateId,
        campaignId,
        data: { campaignId, confirmation },
      });
    const reading = await openReading({ natsUrl: servers.natsUrl, mongodbUrl: servers.mongodbUrl });
    for (const result of (await reading.confirmations(campaignId)) ?? [])
      await bus.publish(catalogue.confirmationConcluded, {
        experimentId: confirmations[0]?.candidateId ?? null,
        campaignId,
        data: { campaignId, result },
      });
    await reading.close();
    for (const one of changed.filter(({ kind }) => kind === 'confirmation'))
      await bus.publish(catalogue.train, commandTo(one));
    const change = campaignForgeries[rigged.indexOf(each)]?.[1](each.campaign) ?? {};
    await campaignsIn(database).replace({ ...each.campaign, ...change, rev: rev + 1 });
  }
  await bus.close();
  await database.close();
  await servers.stop();
}, 120_000);

function commandTo({ _id: experimentId, campaignId, program, seed }: ExperimentRecord) {
  if (!program) throw new Error(`${experimentId} has a program`);
  const token = attemptTokenOf(experimentId, 'training', 1);
  return {
    experimentId,
    campaignId,
    data: {
      ...{ campaignId, experimentId, attempt: 1, token, program, seed, mind: 'offline' as const, model: null },
      ...{ suite: 'cpu-quick', evaluationSeed: 'drawn', device: 'cpu' as const, wallSeconds: 300, memoryBytes: 6e9 },
    },
  };
}

type Compared = { readonly name: string; readonly equal: boolean };
const differing = (compared: readonly Compared[]) => compared.filter(({ equal }) => !equal).map(({ name }) => name);

test('scores that follow from the raw values are confirmed on a stopped stack, and what they do not tell is named', async () => {
  const { code, out } = await captureCli(['rescore', measured[0]?._id ?? ''], env);
  expect([code, out.split('\n')[0]]).toEqual([
    0,
    expect.stringContaining("follow from its raw values to the last bit, the judge's part from what he gave"),
  ]);
  expect(out).toMatch(/equal +parity.value +0\.83/);
  expect(out).toMatch(/equal +fitness.total +0\./);
  expect(out).toContain("no raw value tells the judge's criteria");
  expect(out).toMatch(/taken as stored, .*attempts.*campaign\.baselineIds/);
});

test.each(forgeries.map(([what, , scores, fields], index) => [what, scores, fields, index] as const).slice(1))(
  'whoever writes %s into a record is found, with exit code 1',
  async (_, scores, fields, index) => {
    const { code, out } = await captureCli(['rescore', measured[index]?._id ?? '', '--json'], env);
    const report = JSON.parse(out);
    expect([code, report.equal]).toEqual([1, false]);
    expect(differing(report.scores)).toEqual(scores);
    expect(differing(report.fields)).toEqual(expect.arrayContaining([...fields]));
  },
);

test.each(campaignForgeries.map(([what, , fields], index) => [what, fields, index] as const))(
  'whoever writes %s into the record of a campaign is found from a candidate and from a run of its confirmation',
  async (_, fields, index) => {
    const each = rigged[index] as SampleCampaign;
    for (const kind of ['candidate', 'confirmation'] as const) {
      const { code, out } = await captureCli(['rescore', measuredOf(each, kind)[0]?._id ?? '', '--json'], env);
      const report = JSON.parse(out);
      expect([code, report.unchecked, differing(report.scores)]).toEqual([fields.length > 0 ? 1 : 0, [], []]);
      const found = differing(report.fields);
      expect(found).toEqual(fields.length === 0 ? [] : expect.arrayContaining([...fields]));
      expect(out).not.toContain(secret);
    }
  },
);

test('a person reads which fields were changed, stored beside announced', async () => {
  const [, , , level] = rigged;
  const { out } = await captureCli(['rescore', measuredOf(level as SampleCampaign)[0]?._id ?? ''], env);
  expect(out.split('\n')[0]).toMatch(/\d of \d+ stored fields are not what the journal announced/);
  expect(out).toMatch(/DIFFERS +confirmations\.1\.level +0\.95 +0\.02/);
});

test('a fitness that cannot be checked is named and is not called good', async () => {
  const id = measuredOf(silent)[0]?._id ?? '';
  const told = await captureCli(['rescore', id], env);
  expect([told.code, told.out]).toEqual([
    1,
    expect.stringContaining(
      'not checked: fitness.total, because the journal has no reference of campaign c002, from which it follows',
    ),
  ]);
  const report = JSON.parse((await captureCli(['rescore', id, '--json'], env)).out);
  expect(report.equal).toBe(true);
  expect(report.unchecked.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['fitness.merit', 'reference', 'settings', 'measurement', 'analysis']),
  );
});

test('raw values without scored positions, and experiments without a measurement, are told apart from a difference', async () => {
  const before = await captureCli(['rescore', older?._id ?? ''], env);
  expect([before.code, before.error]).toEqual([1, expect.stringContaining('hold no scored positions')]);
  const unmeasured = sample.experiments.find((one) => one.measurement === null);
  const none = await captureCli(['rescore', unmeasured?._id ?? ''], env);
  expect(none.error).toContain('was not measured');
});

test('raw values that are not those of the hash are refused', async () => {
  const { measurement } = older as { measurement: Measurement };
  await expect(rescoreRaw(raw, measurement, env)).rejects.toMatchObject({ code: 'raw-changed' });
});
