import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { campaignIdOf, type RequestOf } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { callsIn, campaignsIn, createCallTotals, type Database, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerTo, campaignSpending, failureOf, question } from '../testing/sample-calls.ts';
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
  for (let turn = 0; turn < 3; turn++) expect(await ask(third, true)).toEqual({ kind: 'wait', ended: 0 });
  expect(pausesOf(1)).toBe(0);
  await ledger.close(answerTo(first, small));
  // One has ended, so it is worth waiting on; two reserve 300, and 15 are spent.
  expect(await ask(third, true)).toEqual({ kind: 'wait', ended: 1 });
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

/** The same opening again, after so many tries that broke off. */
const again = (request: RequestOf<'openCall'>, brokenOff: number, patient = true) =>
  ledger.open({ ...request, brokenOff, patient });
const stored = (request: RequestOf<'openCall'>) => callsIn(database).get(request.call._id);

test('a further try of a call under way goes on while the campaign is paused at a cap: what was paid for it would be lost', async () => {
  const number = 16;
  await campaignsIn(database).create(campaignSpending(number, { campaign: { tokens: 1000 } }));
  const underWay = question(number, 'under way');
  await ledger.open(underWay);
  const running = await campaignsIn(database).get(campaignIdOf(number));
  if (!running) throw new Error('the campaign was written');
  const capped = { cap: 'campaign', unit: 'tokens', limit: 1000, missingPrice: null } as const;
  await campaignsIn(database).replace({ ...running, rev: running.rev + 1, state: 'paused', capped });
  expect((await ask(question(number, 'other'), true)).kind).toBe('capped');
  expect(await again(underWay, 1)).toEqual({ kind: 'go' });
  expect(await stored(underWay)).toMatchObject({ state: 'open', brokenOff: 1 });
});

test('a further try waits like a first one for what is in flight, and counts what broke off once, however often it asks', async () => {
  await campaignsIn(database).create(campaignSpending(4, { campaign: { tokens: 460 } }));
  const [first, second] = [question(4, 'first'), question(4, 'second')];
  await ledger.open(first);
  await ledger.open(second);
  expect((await ledger.open(question(4, 'third'))).kind, '300 are in flight').toBe('go');
  for (let turn = 0; turn < 3; turn++) expect(await again(first, 1)).toMatchObject({ kind: 'wait' });
  expect(pausesOf(4)).toBe(0);
  await ledger.close(answerTo(second, small));
  expect((await again(first, 1)).kind, '150 broke off, 15 are spent, 150 are in flight').toBe('wait');
  await ledger.close(answerTo(question(4, 'third'), small));
  expect(await again(first, 1)).toEqual({ kind: 'go' });
  expect(await stored(first)).toMatchObject({ state: 'open', brokenOff: 1 });
});

test('two further tries do not wait for each other: nothing is in flight for a try that broke off', async () => {
  await campaignsIn(database).create(campaignSpending(5, { campaign: { tokens: 610 } }));
  const [first, second, third] = [question(5, 'first'), question(5, 'second'), question(5, 'third')];
  for (const one of [first, second, third]) await ledger.open(one);
  expect((await again(first, 1)).kind).toBe('go');
  expect((await again(second, 1)).kind, '300 broke off, 300 are in flight').toBe('wait');
  await ledger.close(answerTo(third, small));
  expect((await again(second, 1)).kind, '300 broke off, 15 are spent, 150 are in flight').toBe('wait');
  expect((await again(first, 2)).kind, '450 broke off and 15 are spent').toBe('capped');
  expect(pausesOf(5)).toBe(1);
});

test('calls of a process that died do not wait for each other: the campaign is paused and does not stand still', async () => {
  await campaignsIn(database).create(campaignSpending(8, { campaign: { tokens: 310 } }));
  const [first, second] = [question(8, 'first'), question(8, 'second')];
  expect((await ask(first, true)).kind).toBe('go');
  expect((await ask(second, true)).kind).toBe('go');
  // Both come again, for nobody lives who could take their answers.
  expect((await ask(first, true)).kind, '150 were lost, 150 may be in flight').toBe('wait');
  expect((await ask(second, true)).kind, '300 were lost').toBe('capped');
  expect(pausesOf(8)).toBe(1);
});

test('a call that waits after its process died begins once there is room, and is counted lost once', async () => {
  await campaignsIn(database).create(campaignSpending(9, { campaign: { tokens: 320 } }));
  const [lost, other] = [question(9, 'lost'), question(9, 'other')];
  await ask(lost, true);
  await ask(other, true);
  for (let turn = 0; turn < 3; turn++) expect((await ask(lost, true)).kind).toBe('wait');
  await ledger.close(answerTo(other, small));
  expect((await ask(lost, true)).kind, '150 were lost and 15 are spent').toBe('go');
  expect(await stored(lost)).toMatchObject({ state: 'open', openings: 2 });
});

test('a further try that would pass the cap by what is spent pauses the campaign, and one that waited is on record when it is given up', async () => {
  await campaignsIn(database).create(campaignSpending(6, { campaign: { tokens: 320 } }));
  const [first, second] = [question(6, 'first'), question(6, 'second')];
  await ledger.open(first);
  await ledger.open(second);
  expect((await again(first, 1)).kind).toBe('wait');
  // Nobody waits for the answer any more: what broke off is told with the end.
  await ledger.close(failureOf(first, { opening: first.opening, error: 'withdrawn' }));
  expect(await stored(first)).toMatchObject({ state: 'failed', brokenOff: 1 });
  await ledger.close(answerTo(second, small));
  expect((await again(question(6, 'other'), 0)).kind, '150 and 15 are spent').toBe('go');
  expect(await again(question(6, 'other'), 1)).toMatchObject({ kind: 'capped' });
});

test('who has waited long enough with a further try pauses the campaign, and the call ends with what broke off', async () => {
  await campaignsIn(database).create(campaignSpending(7, { campaign: { tokens: 320 } }));
  const [first, second] = [question(7, 'first'), question(7, 'second')];
  await ledger.open(first);
  await ledger.open(second);
  expect((await again(first, 1)).kind).toBe('wait');
  expect((await again(first, 1, false)).kind).toBe('capped');
  expect(await stored(first)).toMatchObject({ state: 'failed', brokenOff: 1 });
  expect(pausesOf(7)).toBe(1);
});

/** What a report of costs makes of the records of a campaign. */
const onRecord = async (number: number) => {
  const totals = createCallTotals();
  const campaignId = campaignIdOf(number);
  for await (const call of callsIn(database).all({ campaignId })) totals.exchange(null, call);
  return totals.standing({ cap: 'campaign', campaignId, of: campaignId }, {}).tokens;
};

test('the pause and the report of costs tell the same sums after a process died near a cap: one would be taken for wrong', async () => {
  await campaignsIn(database).create(campaignSpending(10, { campaign: { tokens: 460 } }));
  const lost = [question(10, 'first'), question(10, 'second'), question(10, 'third')] as const;
  for (const one of lost) expect((await ask(one, true)).kind).toBe('go');
  expect((await ask(lost[0], true)).kind).toBe('wait');
  expect(await onRecord(10)).toEqual({ spent: 150, inFlight: 300 });
  expect((await ask(lost[1], true)).kind).toBe('wait');
  const told = await ask(lost[2], true);
  expect(told).toMatchObject({
    kind: 'capped',
    why: expect.stringMatching(/450 tokens are spent and at most 0 tokens/),
  });
  expect(await onRecord(10)).toEqual({ spent: 450, inFlight: 0 });
  for (const one of lost) expect(await stored(one)).toMatchObject({ state: 'failed', openings: 1, brokenOff: 1 });
  expect(await stored(lost[2])).toMatchObject({ announced: true });
});

test.each(['capped', 'denied'] as const)(
  'a call whose process died is not under way for ever where its question comes again to a campaign that is %s',
  async (why) => {
    const number = why === 'capped' ? 11 : 12;
    await campaignsIn(database).create(campaignSpending(number, {}));
    const asked = question(number, 'lost');
    expect((await ask(asked, true)).kind).toBe('go');
    const running = await campaignsIn(database).get(campaignIdOf(number));
    if (!running) throw new Error('the campaign was written');
    const reasons = {
      capped: { capped: { cap: 'campaign', unit: 'tokens', limit: 1000, missingPrice: null } },
      denied: { denied: { role: 'researcher', why: 'the key is refused' } },
    } as const;
    await campaignsIn(database).replace({ ...running, rev: running.rev + 1, state: 'paused', ...reasons[why] });
    for (let turn = 0; turn < 2; turn++) expect((await ask(asked, true)).kind).toBe(why);
    expect(await stored(asked)).toMatchObject({ state: 'failed', openings: 1, brokenOff: 1 });
    await campaignsIn(database).replace({ ...running, rev: running.rev + 2 });
    expect((await ask(asked, true)).kind).toBe('go');
    expect(await stored(asked)).toMatchObject({ state: 'open', openings: 2, brokenOff: 1 });
  },
);

test('an asker that still lives while its question waits again is counted once: what it answers is no try that broke off', async () => {
  await campaignsIn(database).create(campaignSpending(13, { campaign: { tokens: 310 } }));
  const [first, other] = [question(13, 'first'), question(13, 'other')];
  await ledger.open({ ...first, opening: 'alive' });
  await ask(other, true);
  expect((await ask(first, true)).kind).toBe('wait');
  await ledger.close(answerTo(first, { ...small, opening: 'alive' }));
  expect(await stored(first)).toMatchObject({ state: 'answered', openings: 1, brokenOff: 0 });
  await ledger.close(answerTo(other, small));
  expect(await onRecord(13)).toEqual({ spent: 30, inFlight: 0 });
  expect((await ask(first, true)).kind).toBe('answered');
  expect((await ask(question(13, 'next'), true)).kind, '30 are spent').toBe('go');
});

test('a failure of an asker that still lives while its question waits again is counted once, and who waits begins after it', async () => {
  await campaignsIn(database).create(campaignSpending(15, { campaign: { tokens: 320 } }));
  const [first, other] = [question(15, 'first'), question(15, 'other')];
  await ledger.open({ ...first, opening: 'first process' });
  await ask(other, true);
  const again = { ...first, opening: 'second process', patient: true };
  expect((await ledger.open(again)).kind).toBe('wait');
  await ledger.close(failureOf(first, { opening: 'first process', brokenOff: 1 }));
  expect(await stored(first)).toMatchObject({ openings: 1, brokenOff: 1 });
  expect((await ledger.open(again)).kind, '150 broke off, 150 are in flight').toBe('wait');
  await ledger.close(answerTo(other, small));
  expect((await ledger.open(again)).kind, '150 broke off, 15 are spent').toBe('go');
  // It comes once more, after the later one has gone.
  await ledger.close(failureOf(first, { opening: 'first process', brokenOff: 1 }));
  expect(await stored(first)).toMatchObject({ state: 'open', openings: 2, brokenOff: 1 });
});
