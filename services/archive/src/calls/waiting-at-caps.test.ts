import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { campaignIdOf, type RequestOf } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { callsIn, campaignsIn, type Database, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerTo, campaignSpending, question } from '../testing/sample-calls.ts';
import { createLedger, type Ledger } from './ledger.ts';

let home: string;
let servers: EmbeddedServers;
let database: Database;
let ledger: Ledger;
const told: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-caps-'));
  servers = await startEmbeddedServers({ home });
  database = await openDatabase(servers.mongodbUrl);
  ledger = createLedger({
    calls: callsIn(database),
    campaign: (id) => campaignsIn(database).get(id),
    bus: {
      publish: async ({ type }, { data }) => {
        told.push(`${type} ${(data as { campaignId: string }).campaignId}`);
        return { sequence: 1, duplicate: false, envelope: {} as never };
      },
    },
    clock: { now: () => new Date() },
    log: { warn: () => undefined },
  });
});
afterAll(async () => {
  await database.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

let openings = 0;
const ask = (request: RequestOf<'openCall'>, patient: boolean) =>
  ledger.open({ ...request, opening: `${++openings}`, patient });
const small = { usage: { input: 10, output: 5, cached: 0, reasoning: 0 } };
const pausesOf = (number: number) =>
  told.filter((one) => one === `asi.spending.capped.v1 ${campaignIdOf(number)}`).length;

test('a campaign is not paused because of what is in flight: who fits once that has ended waits for it', async () => {
  await campaignsIn(database).create(campaignSpending(1, { campaign: { tokens: 310 } }));
  const [first, second, third] = [question(1, 'first'), question(1, 'second'), question(1, 'third')];
  expect((await ask(first, true)).kind).toBe('go');
  expect((await ask(second, true)).kind).toBe('go');
  for (let turn = 0; turn < 3; turn++) expect(await ask(third, true)).toEqual({ kind: 'wait' });
  expect(pausesOf(1)).toBe(0);
  await ledger.close(answerTo(first, small));
  expect((await ask(third, true)).kind, 'two reserve 300, and 15 are spent').toBe('wait');
  await ledger.close(answerTo(second, small));
  expect((await ask(third, true)).kind).toBe('go');
});

test('who has waited long enough, and who would not fit alone, pauses the campaign at its cap', async () => {
  await campaignsIn(database).create(campaignSpending(2, { campaign: { tokens: 160 } }));
  const [first, second] = [question(2, 'first'), question(2, 'second')];
  await ask(first, true);
  expect((await ask(second, true)).kind).toBe('wait');
  expect(await ask(second, false)).toMatchObject({ kind: 'capped', cap: 'campaign' });
  expect(pausesOf(2)).toBe(1);
  await ledger.close(answerTo(first, small));
  expect(await ask(second, true)).toMatchObject({
    kind: 'capped',
    why: expect.stringContaining('15 tokens are spent'),
  });
});

test('a campaign that is paused at a cap begins no further call, however small: nobody may be there to take its answer', async () => {
  const spending = { campaign: { tokens: 1000 } };
  const capped = { cap: 'campaign', unit: 'tokens', limit: 1000, missingPrice: null } as const;
  await campaignsIn(database).create(
    campaignSpending(3, spending, { state: 'paused', capped, note: 'its cap is reached' }),
  );
  const asked = question(3, 'small');
  expect(await ask(asked, true)).toEqual({ kind: 'capped', cap: 'campaign', why: 'its cap is reached' });
  const paused = await campaignsIn(database).get(campaignIdOf(3));
  if (!paused) throw new Error('the campaign was written');
  await campaignsIn(database).replace({ ...paused, rev: paused.rev + 1, state: 'running', capped: null });
  expect((await ask(asked, true)).kind).toBe('go');
});
