import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExperimentRecord, type Measurement, measurementSchema } from '@asi/contracts';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
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
const sample = sampleCampaign({ candidates: 8, wanted: 8, state: 'finished' });
const measured = sample.experiments.filter((one) => one.measurement !== null && one.kind === 'candidate');

/** The measurement of a sample with scores that follow from `raw`, as the trainer itself computes them. */
async function honest(base: Measurement, rawHash: Measurement['rawHash']): Promise<Measurement> {
  const kept = base.tasks.filter((one) => one.task === 'parity' || one.task === 'language-model');
  const again = await rescoreRaw(raw, { ...base, tasks: kept, rawHash }, env);
  const tasks = again.tasks.map((scores) => ({ ...kept.find((one) => one.task === scores.task), ...scores }));
  return measurementSchema.parse({ ...base, ...again, tasks, rawHash });
}

beforeAll(async () => {
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const rawHash = await artifactsIn(database).put(raw, 'application/json');
  const changed = await Promise.all(
    measured.slice(0, 2).map(async (one, index): Promise<ExperimentRecord> => {
      const measurement = await honest(one.measurement as Measurement, rawHash);
      // The second one claims a battery that its raw values do not give.
      return {
        ...one,
        measurement: index === 0 ? measurement : { ...measurement, battery: measurement.battery + 1e-9 },
      };
    }),
  );
  const others = sample.experiments.filter((one) => !changed.some(({ _id }) => _id === one._id));
  await insertSampleCampaign(database, { ...sample, experiments: [...others, ...changed] });
  await database.close();
  await servers.stop();
});

test('scores that follow from the raw values are confirmed on a stopped stack', async () => {
  const { code, out } = await captureCli(['rescore', measured[0]?._id ?? ''], env);
  expect([code, out.split('\n')[0]]).toEqual([
    0,
    expect.stringContaining('follow from its raw values to the last bit'),
  ]);
  expect(out).toMatch(/equal +parity.value +0\.83/);
});

test('a score that was changed after it was measured is found, however little, with exit code 1', async () => {
  const { code, out } = await captureCli(['rescore', measured[1]?._id ?? '', '--json'], env);
  const report = JSON.parse(out);
  expect([code, report.equal]).toEqual([1, false]);
  expect(
    report.scores.filter(({ equal }: { equal: boolean }) => !equal).map(({ name }: { name: string }) => name),
  ).toEqual(['battery']);
});

test('raw values without scored positions, and experiments without a measurement, are told apart from a difference', async () => {
  const older = await captureCli(['rescore', measured[2]?._id ?? ''], env);
  expect([older.code, older.error]).toEqual([1, expect.stringContaining('hold no scored positions')]);
  const unmeasured = sample.experiments.find((one) => one.measurement === null);
  const none = await captureCli(['rescore', unmeasured?._id ?? ''], env);
  expect(none.error).toContain('was not measured');
});

test('raw values that are not those of the hash are refused', async () => {
  const { measurement } = measured[2] as { measurement: Measurement };
  await expect(rescoreRaw(raw, measurement, env)).rejects.toMatchObject({ code: 'raw-changed' });
});
