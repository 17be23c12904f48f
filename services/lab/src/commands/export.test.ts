import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attemptTokenOf,
  catalogue,
  confirmationResultSchema,
  confirmationSchema,
  experimentIdSchema,
  hashText,
  referenceSchema,
  seededRandom,
} from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { sampleCall, sampleCampaign, withConfirmation } from '@asi/reading/testing';
import { artifactsIn, callsIn } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exportCampaign } from '../export/export-campaign.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { captureCli } from '../testing/captured-context.ts';
import { keepSamples } from '../testing/keep-samples.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-export-'));
const folder = join(home, 'exported');
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
const good = { recall: 0.8, parity: 0.7, languageModelLoss: 1.5 };
const sample = withConfirmation(
  sampleCampaign({ candidates: 10, wanted: 10, underWay: 0, state: 'finished' }),
  { candidate: good, deltaNet: { ...good, recall: 0.6 } },
  seededRandom('export'),
);
const secret = 'secret-of-the-laboratory';
sample.campaign.settings.evaluationSeed = secret;
const lost = hashText('what nobody has kept');
const told = { out: '', json: '' };

const indexSchema = z.object({
  hash: z.string(),
  file: z.string().nullable(),
  mediaType: z.string().nullable(),
  bytes: z.number().nullable(),
  absent: z.string().nullable(),
  named: z.array(z.object({ experimentId: z.string().nullable(), as: z.string() })).min(1),
});
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const index = () =>
  read('artifacts.jsonl')
    .trim()
    .split('\n')
    .map((line) => indexSchema.parse(JSON.parse(line)));

beforeAll(async () => {
  await keepSamples(stateFolder(env).data, [sample], async ({ bus, database }) => {
    const experimentId = experimentIdSchema.parse('c001-0001');
    await bus.publish(catalogue.designFailed, {
      experimentId,
      campaignId: 'c001',
      data: {
        campaignId: 'c001',
        experimentId,
        attempt: 1,
        token: attemptTokenOf(experimentId, 'design', 1),
        kind: 'retryable',
        reason: { code: 'sample', message: 'its evidence is lost', evidenceHash: lost },
      },
    });
    await callsIn(database).insert(sampleCall('c001-0001', 'design'));
    await artifactsIn(database).put('prompt design', 'application/json');
    await artifactsIn(database).put('answer design', 'application/json');
  });
  told.out = (await captureCli(['export', folder], env)).out;
  told.json = (await captureCli(['export', join(home, 'again'), '--json'], env)).out;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('nobody outside needs the database: whatever a record, message or call names by hash lies in the export, to the byte', () => {
  const entries = new Map(index().map((entry) => [entry.hash, entry]));
  const text = ['experiments.jsonl', 'messages.jsonl', 'calls.jsonl'].map(read).join('');
  const named = new Set(Array.from(text.matchAll(/"(?:hash|\w+Hash)":"([0-9a-f]{64})"/g), ([, hash]) => hash ?? ''));
  const stored = new Set<string>([
    ...sample.artifacts.map(({ body }) => hashText(body)),
    ...['prompt design', 'answer design'].map(hashText),
  ]);
  expect(named.size).toBeGreaterThan(40);
  expect(new Set(entries.keys())).toEqual(named);
  for (const hash of named) {
    const { file, bytes, absent } = entries.get(hash) ?? {};
    expect(absent === null, hash).toBe(stored.has(hash));
    if (!file) continue;
    expect(hashText(read(file))).toBe(hash);
    expect(file).toMatch(new RegExp(`^artifacts/${hash}\\.(json|py|txt)$`));
    expect(statSync(join(folder, file)).size).toBe(bytes);
  }
  const whole = index().filter(({ file }) => file !== null);
  expect(readdirSync(join(folder, 'artifacts'))).toHaveLength(whole.length);
});

test('what an artifact is follows from who names it: raw answers, certificates, genomes, evidence, prompts and answers', () => {
  const named = index().flatMap((entry) => entry.named.map(({ as, experimentId }) => `${experimentId} ${as}`));
  for (const as of ['rawHash', 'curvesHash'].map((name) => `measurement.${name}`))
    expect(named).toContain(`c001-0001 ${as}`);
  for (const as of ['design.certificateHash', 'design.genomeHash', 'program.hash', 'promptHash', 'answerHash'])
    expect(named).toContain(`c001-0001 ${as}`);
  expect(named).toContain('c001-0009 reason.evidenceHash');
});

test('what the database lacks is said, and does not stop the export', () => {
  const entry = index().find(({ hash }) => hash === lost);
  expect(entry).toEqual({
    hash: lost,
    file: null,
    mediaType: null,
    bytes: null,
    absent: 'it is not in the database',
    named: [{ experimentId: 'c001-0001', as: 'reason.evidenceHash' }],
  });
  const [whole, absent] = [true, false].map((there) => index().filter(({ file }) => (file !== null) === there));
  const bytes = whole?.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  expect(told.out.trim().split('\n').at(-1)).toBe(
    `${whole?.length} artifacts that they name, ${bytes} bytes, are in ${join(folder, 'artifacts')}; ${absent?.length} more are named and absent: artifacts.jsonl says which and why`,
  );
  expect(JSON.parse(told.json)).toMatchObject({
    artifacts: whole?.length,
    bytes,
    absentArtifacts: absent?.length,
  });
});

test('what scores refer to and what confirmations came to are files of their own, without the seed of the held-out data', () => {
  expect(referenceSchema.parse(JSON.parse(read('reference.json')))).toEqual(sample.campaign.reference);
  const [confirmation] = z
    .array(z.object({ plan: confirmationSchema, result: confirmationResultSchema }))
    .length(1)
    .parse(JSON.parse(read('confirmations.json')));
  expect(confirmation?.plan).toEqual(sample.campaign.confirmations[0]);
  expect(confirmation?.result).toMatchObject({ candidateId: confirmation?.plan.candidateId, status: 'confirmed' });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(folder, name)).isFile()) expect(read(name), name).not.toContain(secret);
});

test('an export that was broken off is known as one, so that the next replaces it', async () => {
  const broken = join(home, 'broken');
  const reading = {
    campaign: async () => ({ id: 'c001' }),
    leaderboard: async () => Promise.reject(new Error('the database has gone')),
  } as unknown as Reading;
  const target = { folder: broken, tensorboard: null, tell: () => undefined };
  await expect(exportCampaign(reading, 'c001', target)).rejects.toThrow('gone');
  expect(existsSync(join(broken, 'campaign.json'))).toBe(true);
  expect((await captureCli(['export', broken], env)).code).toBe(0);
});
