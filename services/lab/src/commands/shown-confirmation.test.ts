import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@asi/contracts';
import { experimentViewSchema } from '@asi/reading';
import { sampleCampaign, withConfirmation } from '@asi/reading/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateFolder } from '../stack/state-folder.ts';
import { captureCli } from '../testing/captured-context.ts';
import { keepSamples } from '../testing/keep-samples.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-shown-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
const qualities = {
  candidate: { recall: 0.85, parity: 0.7, languageModelLoss: 1.54 },
  deltaNet: { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 },
};
const sample = withConfirmation(sampleCampaign({ state: 'finished' }), qualities, seededRandom('shown'));
const candidateId = sample.campaign.confirmations[0]?.candidateId ?? '';

beforeAll(() => keepSamples(stateFolder(env).data, [sample]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('from a confirmed candidate a reader comes to every run behind the verdict, and from a run back to it', async () => {
  const { out } = await captureCli(['show', candidateId], env);
  expect(out).toMatch(/3 pairs +101 +c001-f-0001-101 +0\.\d{3} +c001-f-delta-net-101 +0\.\d{3} +[+-]0\.\d{3}/);
  expect(out).toContain('the verdict computed anew from these runs, by the plan in the record of the campaign');
  const run = await captureCli(['show', 'c001-f-delta-net-101'], env);
  expect(run.out).toContain(`trained for confirmation 1 of the laboratory, of ${candidateId}: its baseline delta-net`);
  expect(run.out).toContain(`asi show ${candidateId} has all its runs and the verdict`);
  const own = await captureCli(['show', 'c001-f-0001-108'], env);
  expect(own.out).toContain('the candidate itself, counted from the look at 8 pairs on');
});

test('the JSON of a candidate names the same runs with the differences, that of a run its confirmation', async () => {
  const json = async (id: string) =>
    experimentViewSchema.parse(JSON.parse((await captureCli(['show', id, '--json'], env)).out));
  const candidate = await json(candidateId);
  expect(candidate.confirmations[0]?.result).toEqual(candidate.standing?.confirmation);
  const runs = candidate.confirmations[0]?.pairs.flatMap((pair) => [
    pair.candidate?.id,
    ...pair.against.map(({ run }) => run?.id),
  ]);
  expect(runs?.toSorted()).toEqual(
    sample.experiments
      .filter(({ kind }) => kind === 'confirmation')
      .map(({ _id }) => _id as string)
      .sort(),
  );
  expect(candidate.partOf).toEqual([]);
  const run = await json('c001-f-delta-net-101');
  expect(run).toMatchObject({ confirmations: [], partOf: [{ candidateId, relation: 'baseline', order: 1 }] });
});
