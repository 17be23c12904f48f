import assert from 'node:assert/strict';
import { leaderboardSchema, progressSchema, statusSchema } from '@asi/reading';
import { z } from 'zod';
import type { Compose } from './compose.ts';

const statusAnswerSchema = statusSchema.extend({ stack: z.null(), progress: progressSchema.nullable() });
const boardSchema = leaderboardSchema.extend({ failures: z.array(z.object({ id: z.string(), outcome: z.string() })) });

export type Board = z.infer<typeof boardSchema>;

export const readBoard = async (compose: Compose): Promise<Board> =>
  boardSchema.parse(JSON.parse(await compose.asi('leaderboard', '--json')));

export const readStatus = async (compose: Compose) =>
  statusAnswerSchema.parse(JSON.parse(await compose.asi('status', '--json')));

/** The documents of a finished campaign: everything wanted is there, once. */
export function checkCampaign(
  progress: z.infer<typeof progressSchema>,
  board: Board,
  wanted: { candidates: number; baselines: Readonly<Record<string, number>> },
): void {
  assert.equal(progress.state, 'finished', progress.note);
  assert.equal(progress.candidates.completed, wanted.candidates);
  assert.equal(progress.inFlight.length, 0);
  const candidates = board.rows.filter(({ kind }) => kind === 'candidate');
  assert.equal(candidates.length, wanted.candidates);
  assert.ok(
    candidates.every(({ fitness, seconds }) => fitness !== null && seconds > 0),
    'a candidate was not measured',
  );
  const baselines = board.rows.filter(({ kind }) => kind === 'baseline');
  assert.deepEqual(Object.fromEntries(baselines.map(({ name, runs }) => [name, runs.length])), wanted.baselines);
  const ids = [...board.rows.flatMap(({ runs }) => runs), ...board.failures.map(({ id }) => id)];
  assert.equal(new Set(ids).size, ids.length, 'an experiment is counted twice');
  assert.ok(board.noise, 'the noise between seeds was not measured');
}

/** Every process of compose.yaml answers; nothing was left unhandled; what the doctor proved is known. */
export async function checkProcesses(compose: Compose): Promise<{ tier: number; recipe: string }> {
  const { processes, deadLetters } = await readStatus(compose);
  const services = (await compose.run(['config', '--services'])).trim().split('\n');
  const silent = ['nats', 'mongo', 'runner', 'asi'];
  const expected = services.filter((name) => !silent.includes(name)).sort();
  assert.deepEqual(processes.map(({ role }) => role).sort(), expected);
  assert.deepEqual(deadLetters, []);
  const engineer = processes.find(({ role }) => role === 'engineer');
  return z
    .object({ isolationTier: z.number(), isolation: z.string() })
    .transform(({ isolationTier, isolation }) => ({ tier: isolationTier, recipe: isolation }))
    .parse(engineer?.details);
}

/** Stands for the key of a language model while compose.yaml is proved. */
export const proofKey = 'sk-only-for-those-who-think';

/** The runner reaches neither the servers nor the world, and holds none of their addresses, and no key. */
export async function checkRunnerIsAlone(compose: Compose): Promise<void> {
  const dial = (host: string, port: number) =>
    compose.try(['exec', '-T', 'runner', 'timeout', '5', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`]);
  assert.equal((await dial('127.0.0.1', 7171)).code, 0, 'the probe itself does not work');
  const addresses = await compose.run(['exec', '-T', 'engineer', 'getent', 'hosts', 'nats', 'mongo']);
  for (const [address = ''] of addresses
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))) {
    for (const port of [4222, 27017]) {
      assert.notEqual((await dial(address, port)).code, 0, `the runner reaches ${address}:${port}`);
    }
  }
  assert.notEqual((await dial('nats', 4222)).code, 0);
  const environment = await compose.run(['exec', '-T', 'runner', 'env']);
  assert.doesNotMatch(environment, /NATS_URL|MONGODB_URL|OPENAI|ASI_MODEL/);
  assert.ok(!environment.includes(proofKey), 'the runner has the key of the language model');
  const thinker = await compose.run(['exec', '-T', 'judge', 'env']);
  assert.ok(thinker.includes(proofKey), 'a role that thinks has no key of the language model');
}

/** The dashboard is published on loopback and shows what the command says; nothing else is published. */
export async function checkDashboard(compose: Compose, port: number, board: Board): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/campaigns/${board.campaignId}/leaderboard`);
  assert.equal(answer.status, 200);
  assert.deepEqual(leaderboardSchema.parse(await answer.json()), leaderboardSchema.parse(board));
  const published = await compose.run(['ps', '--format', '{{.Ports}}']);
  const open = published.match(/\S+->\S+/g) ?? [];
  assert.deepEqual(open, [`127.0.0.1:${port}->7070/tcp`]);
}
