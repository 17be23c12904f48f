import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { campaignIdOf, catalogue, filterFor, languageModelSchema, systemClock } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { createThink } from '@asi/llm';
import { callsIn, campaignsIn, openDatabase } from '@asi/store';
import { answer, startOpenAiServer } from '@asi/testkit/openai-server';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { launchArchive } from '../services/archive/src/testing/launch-archive.ts';
import { campaignSpending } from '../services/archive/src/testing/sample-calls.ts';

const schema = z.object({ number: z.number() });
const mostOutput = 2000;

/** Laboratory with a real archive, ledger and endpoint; every answer takes `usage` and a moment. */
async function crowd(tokens: number, usage: { input: number; output: number }) {
  const home = await mkdtemp(join(tmpdir(), 'asi-crowd-'));
  const servers = await startEmbeddedServers({ home });
  const bus = await connectBus({ url: servers.natsUrl, source: 'researcher/test' });
  const database = await openDatabase(servers.mongodbUrl);
  const archive = launchArchive(servers);
  let atOnce = 0;
  let most = 0;
  const server = await startOpenAiServer({
    script: async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 100));
      atOnce--;
      return answer({ number: 1 }, { usage });
    },
  });
  onTestFinished(async () => {
    await archive.stop();
    await Promise.all([server.stop(), bus.close(), database.close()]);
    await servers.stop();
    await rm(home, { recursive: true, force: true });
  });
  await campaignsIn(database).create(campaignSpending(1, { campaign: { tokens } }));
  const think = createThink({ bus, env: { OPENAI_API_KEY: 'k' }, clock: systemClock, random: { next: () => 0 } });
  const model = languageModelSchema.parse({ baseUrl: server.url, model: 'm', maxOutputTokens: mostOutput });
  const ask = (number: number) =>
    think(
      { role: 'researcher', campaignId: 'c001', experimentId: `c001-000${number}`, attempt: 1, model },
      AbortSignal.timeout(60_000),
    ).ask({
      node: 'design',
      occasion: '1',
      promptVersion: 'v',
      messages: [
        { role: 'system', content: 'You count.' },
        { role: 'user', content: 'Say a number.' },
      ],
      shape: 'number',
      schema,
    });
  const pauses = async () => {
    const { kind, owner, name } = catalogue.spendingCapped;
    let found = 0;
    for await (const _ of bus.journal({ filters: [filterFor(kind, owner, name)] })) found++;
    return found;
  };
  const spent = async () => {
    let sum = 0;
    for await (const { campaignId, usage: one, state } of callsIn(database).all())
      if (campaignId === campaignIdOf(1) && state === 'answered') sum += (one?.input ?? 0) + (one?.output ?? 0);
    return sum;
  };
  return { ask, pauses, spent, requests: () => server.requests.length, mostAtOnce: () => most };
}

test('a crowd at a cap with room for one call at a time is answered one after the other, and pauses nothing', async () => {
  const { ask, pauses, spent, requests, mostAtOnce } = await crowd(mostOutput + 1500, { input: 50, output: 50 });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => ask(number)));
  expect(answers.map(({ answer: { number } }) => number)).toEqual(Array(8).fill(1));
  expect([requests(), mostAtOnce(), await pauses(), await spent()]).toEqual([8, 1, 0, 800]);
}, 90_000);

test('a crowd at a cap that its answers use up is told so once, and nobody hangs: who was answered was answered, the rest is paused', async () => {
  const { ask, pauses, spent, requests } = await crowd(mostOutput + 1500, { input: 100, output: 900 });
  const ends = await Promise.allSettled(Array.from({ length: 8 }, (_, number) => ask(number)));
  const refused = ends.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(4);
  for (const one of refused) expect(one).toMatchObject({ reason: { kind: 'paused', code: 'spending-capped' } });
  expect([requests(), await pauses()]).toEqual([8 - refused.length, 1]);
  expect(await spent()).toBeLessThanOrEqual(mostOutput + 1500);
}, 90_000);
