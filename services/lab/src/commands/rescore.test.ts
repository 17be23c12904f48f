import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { catalogue, type ExperimentRecord, type Measurement, measurementSchema, seededRandom } from '@asi/contracts';
import { insertSampleCampaign, type SampleCampaign, sampleCampaign, withConfirmation } from '@asi/reading/testing';
import { fitnessOf } from '@asi/statistics';
import { artifactsIn, openDatabase } from '@asi/store';
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
  sampleCampaign({ number, candidates: 13, wanted: 13, state: 'finished' });
const qualities = { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 };
const [sample, silent] = [sampled(1), sampled(2)];
const moved = withConfirmation(sampled(3), { candidate: qualities, deltaNet: qualities }, seededRandom('moved'));
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
/** What somebody wrote into a record, and the numbers that no longer follow. */
const forgeries: ReadonlyArray<readonly [what: string, forge: Forgery, differing: readonly string[]]> = [
  ['nothing', () => ({}), []],
  [
    'a battery that is larger by a billionth',
    ({ measurement }) => ({ measurement: measurement && { ...measurement, battery: measurement.battery + 1e-9 } }),
    ['battery'],
  ],
  ['the fitness that the leaderboard ranks by', forgedFitness({ total: 0.9999 }), ['fitness.total']],
  [
    'merit, with a yardstick that is not that of the campaign',
    (honest) => ({ ...forgedFitness({ merit: 0.99 })(honest), yardstick: `${honest.yardstick}x` }),
    ['yardstick', 'fitness.merit'],
  ],
  ["the judge's part", forgedFitness({ judge: 1 }), ['fitness.judge']],
  [
    'a judgement that its criteria do not give, with a fitness that follows from it',
    ({ measurement, judgement }) => {
      const better = judgement && { ...judgement, total: judgement.total + 0.01 };
      return { judgement: better, fitness: measurement && fitnessOf(measurement, referenceOf(sample), better) };
    },
    ['judgement.total'],
  ],
  ['that nothing is too good about it', forgedFitness({ suspicious: false }), ['fitness.suspicious']],
  [
    'no fitness at all, so that it ranks last',
    () => ({ fitness: null }),
    ['loss', 'benchmark', 'judge', 'merit', 'total', 'suspicious'].map((part) => `fitness.${part}`),
  ],
];

function referenceOf({ campaign }: SampleCampaign) {
  if (!campaign.reference) throw new Error('the sample has a reference');
  return campaign.reference;
}

beforeAll(async () => {
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  const rawHash = await artifactsIn(database).put(raw, 'application/json');
  for (const each of [sample, silent, moved]) {
    const reference = referenceOf(each);
    const forgeriesOfIt = each === sample ? forgeries : forgeries.slice(0, 1);
    const changed = await Promise.all(
      [...measuredOf(each).slice(0, forgeriesOfIt.length), ...measuredOf(each, 'confirmation').slice(0, 1)].map(
        async (one, index): Promise<ExperimentRecord> => {
          const measurement = await honestMeasurement(one.measurement as Measurement, rawHash);
          const fitness = one.kind === 'candidate' ? fitnessOf(measurement, reference, one.judgement) : null;
          const honest = { ...one, measurement, fitness };
          return { ...honest, ...forgeriesOfIt[index]?.[1](honest) };
        },
      ),
    );
    const others = each.experiments.filter((one) => !changed.some(({ _id }) => _id === one._id));
    const isMoved = each === moved;
    const campaign = isMoved
      ? { ...each.campaign, reference: { ...reference, noise: { ...reference.noise, merit: 1e-6 } } }
      : each.campaign;
    await insertSampleCampaign(database, { ...each, campaign, experiments: [...others, ...changed] });
    const campaignId = each.campaign._id;
    if (each !== silent)
      await bus.publish(catalogue.referenceSet, { experimentId: null, campaignId, data: { campaignId, reference } });
  }
  await bus.close();
  await database.close();
  await servers.stop();
});

test('scores that follow from the raw values are confirmed on a stopped stack, and what they do not tell is named', async () => {
  const { code, out } = await captureCli(['rescore', measured[0]?._id ?? ''], env);
  expect([code, out.split('\n')[0]]).toEqual([
    0,
    expect.stringContaining("follow from its raw values to the last bit, the judge's part from what he gave"),
  ]);
  expect(out).toMatch(/equal +parity.value +0\.83/);
  expect(out).toMatch(/equal +fitness.total +0\./);
  expect(out).toMatch(/taken as stored, .*judgement\.criteria.*parameters/);
});

test.each(forgeries.map(([what, , differing], index) => [what, differing, index] as const).slice(1))(
  'whoever writes %s into a record is found, with exit code 1',
  async (_, differing, index) => {
    const { code, out } = await captureCli(['rescore', measured[index]?._id ?? '', '--json'], env);
    const report = JSON.parse(out);
    expect([code, report.equal]).toEqual([1, false]);
    expect(
      report.scores.filter(({ equal }: { equal: boolean }) => !equal).map(({ name }: { name: string }) => name),
    ).toEqual(differing);
  },
);

test.each(['candidate', 'confirmation'] as const)(
  'noise that was changed in the record of the campaign is found from a %s, whose verdict rests on it',
  async (kind) => {
    const { code, out } = await captureCli(['rescore', measuredOf(moved, kind)[0]?._id ?? ''], env);
    expect([code, out]).toEqual([1, expect.stringMatching(/DIFFERS +reference\.noise\.merit/)]);
    expect(out).not.toMatch(/DIFFERS +(?!reference| )/);
  },
);

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
    expect.arrayContaining(['fitness.merit', 'reference']),
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
