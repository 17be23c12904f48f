import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus, type JournalRecord } from '@asi/bus';
import { campaignIdOf, catalogue, type DataOf, filterFor, type RequestOf } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { callsIn, campaignsIn, type Database, openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LaunchedArchive, launchArchive } from '../testing/launch-archive.ts';
import { answerTo, campaignSpending, failureOf, question } from '../testing/sample-calls.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
let database: Database;
let archive: LaunchedArchive;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-ledger-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'test/ledger' });
  database = await openDatabase(servers.mongodbUrl);
  archive = launchArchive(servers);
});
afterAll(async () => {
  await archive.stop();
  await bus.close();
  await database.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

let campaigns = 0;
/** Starts a campaign of its own for a test, so that no test sees the sums of another. */
async function campaign(spending: unknown): Promise<number> {
  campaigns++;
  await campaignsIn(database).create(campaignSpending(campaigns, spending));
  return campaigns;
}
const change = async (number: number, ...rest: [unknown, Parameters<typeof campaignSpending>[2]?]) => {
  const before = await campaignsIn(database).get(campaignIdOf(number));
  const rev = (before?.rev ?? 0) + 1;
  await campaignsIn(database).replace({ ...campaignSpending(number, rest[0], rest[1]), rev });
};
let openings = 0;
/** Asks as one that has not asked before. */
const open = (request: RequestOf<'openCall'>) => bus.request('openCall', { ...request, opening: `${++openings}` });
const close = async (end: RequestOf<'closeCall'>) => (await bus.request('closeCall', end)).call;

async function journal<Name extends 'modelCalled' | 'spendingCapped' | 'modelDenied'>(
  name: Name,
  number: number,
): Promise<Array<{ record: JournalRecord; data: DataOf<Name> }>> {
  const { kind, owner, name: fact } = catalogue[name];
  const found = [];
  for await (const record of bus.journal({ filters: [filterFor(kind, owner, fact)] })) {
    const data = record.envelope?.data as DataOf<Name>;
    if (data.campaignId === campaignIdOf(number)) found.push({ record, data });
  }
  return found;
}

async function restartArchive(): Promise<void> {
  await archive.kill();
  archive = launchArchive(servers);
}

test('an answer that was acknowledged is given back and never paid again, also after kill -9 of the archive', async () => {
  const asked = question(await campaign({}), 'once');
  expect(await open(asked)).toEqual({ kind: 'go' });
  const answered = await close(answerTo(asked));
  await restartArchive();
  expect(await open(asked)).toEqual({ kind: 'answered', call: answered });
  expect(answered).toMatchObject({ state: 'answered', openings: 1, reserved: 150, error: null });
});

test('a late failure of a killed asker does not end what its successor is asking; a late answer does', async () => {
  const number = await campaign({ campaign: { tokens: 1000 } });
  const [asked, other] = [question(number, 'late failure'), question(number, 'late answer')];
  for (const one of [asked, other]) {
    await bus.request('openCall', { ...one, opening: `${one.call._id} first` });
    await bus.request('openCall', { ...one, opening: `${one.call._id} second` });
  }
  const late = { opening: `${asked.call._id} first`, error: 'reset', denied: true };
  expect(await close(failureOf(asked, late))).toMatchObject({ state: 'open', openings: 2, brokenOff: 1 });
  expect((await campaignsIn(database).get(campaignIdOf(number)))?.denied).toBeNull();
  const answered = await close(answerTo(asked, { opening: `${asked.call._id} second` }));
  expect(answered).toMatchObject({ state: 'answered', openings: 2, brokenOff: 1, error: null });
  expect(await close(answerTo(other, { opening: `${other.call._id} first` }))).toMatchObject({ state: 'answered' });
});

test('an end that is told twice counts once, in the ledger and in the journal', async () => {
  const number = await campaign({ prices: { m: { input: 1, output: 2 } } });
  const asked = question(number, 'twice');
  await open(asked);
  const first = await close(answerTo(asked));
  const second = await close(answerTo(asked, { usage: { input: 9, output: 9, cached: 0, reasoning: 0 }, seconds: 99 }));
  expect(second).toEqual(first);
  expect(await close(failureOf(asked))).toEqual(first);
  const told = await journal('modelCalled', number);
  expect(told.map(({ data }) => data)).toEqual([first]);
});

test('dollars are those of the price table, with cached input at its own price and reasoning within the output', async () => {
  const prices = { m: { input: 2, cachedInput: 0.5, output: 8 }, dear: { input: 2, output: 8 } };
  const number = await campaign({ prices });
  const usage = { input: 1000, cached: 600, output: 300, reasoning: 200 };
  const dollars = async (name: string, model: string) => {
    const asked = question(number, name, { model });
    await open(asked);
    return (await close(answerTo(asked, { usage }))).dollars;
  };
  expect(await dollars('cached', 'm')).toBeCloseTo((400 * 2 + 600 * 0.5 + 300 * 8) / 1e6, 12);
  expect(await dollars('no price of its own', 'dear')).toBeCloseTo((1000 * 2 + 300 * 8) / 1e6, 12);
  expect(await dollars('unknown', 'other')).toBeNull();
});

test('fifty questions at once do not pass a cap together, and what they leave is used to the last that fits', async () => {
  const number = await campaign({ campaign: { tokens: 1000 } });
  const all = Array.from({ length: 50 }, (_, index) => question(number, `crowd ${index}`));
  const replies = await Promise.all(all.map(open));
  const admitted = all.filter((_, index) => replies[index]?.kind === 'go');
  expect(admitted).toHaveLength(6);
  // Those that took less than they could leave room for others.
  await Promise.all(
    admitted.map((one) => close(answerTo(one, { usage: { input: 10, output: 5, cached: 0, reasoning: 0 } }))),
  );
  const again = await Promise.all(all.filter((one) => !admitted.includes(one)).map(open));
  expect(again.filter(({ kind }) => kind === 'go')).toHaveLength(Math.floor((1000 - 6 * 15) / 150));
});

test('at no moment of a crowded life does what is spent and reserved pass a cap, in tokens or in dollars', async () => {
  const prices = { m: { input: 1000, output: 3000 } };
  const spending = {
    prices,
    campaign: { dollars: 4, tokens: 3000 },
    experiment: { dollars: 1 },
    roles: { judge: { tokens: 700 } },
  };
  const number = await campaign(spending);
  const asked = Array.from({ length: 60 }, (_, index) =>
    question(number, `life ${index}`, {
      experimentId: `${campaignIdOf(number)}-000${index % 3}`,
      role: index % 4 === 0 ? 'judge' : 'researcher',
    }),
  );
  const life = async (one: RequestOf<'openCall'>, index: number) => {
    const opening = `life ${index}`;
    const begun = (brokenOff: number) => bus.request('openCall', { ...one, opening, brokenOff });
    if ((await begun(0)).kind !== 'go') return;
    // Two of its tries break off, if the caps let it come to that.
    if (index % 4 === 1) for (const brokenOff of [1, 2]) if ((await begun(brokenOff)).kind !== 'go') return;
    if (index % 5 === 0) await close(failureOf(one));
    else await close(answerTo(one, { usage: { input: 100, output: index % 50, cached: 0, reasoning: 0 } }));
  };
  const lives = Promise.all(asked.map(life));
  let living = true;
  void lives.finally(() => {
    living = false;
  });
  const sums: Array<Record<string, number>> = [];
  while (living || sums.length === 0) {
    const sum: Record<string, number> = { tokens: 0, dollars: 0, judge: 0 };
    for await (const call of callsIn(database).all({ campaignId: campaignIdOf(number) })) {
      const whole = call.state === 'open' ? call.atMost : (call.usage ?? { input: 0, output: 0 });
      const input = whole.input + call.brokenOff * call.atMost.input;
      const output = whole.output + call.brokenOff * call.atMost.output;
      const dollars = (input * 1000 + output * 3000) / 1e6;
      sum.tokens = (sum.tokens ?? 0) + input + output;
      sum.dollars = (sum.dollars ?? 0) + dollars;
      sum[call.experimentId ?? ''] = (sum[call.experimentId ?? ''] ?? 0) + dollars;
      if (call.role === 'judge') sum.judge = (sum.judge ?? 0) + input + output;
    }
    sums.push(sum);
  }
  await lives;
  for (const { tokens = 0, dollars = 0, judge = 0, ...experiments } of sums) {
    expect(tokens).toBeLessThanOrEqual(3000);
    expect(dollars).toBeLessThanOrEqual(4 + 1e-9);
    expect(judge).toBeLessThanOrEqual(700);
    for (const value of Object.values(experiments)) expect(value).toBeLessThanOrEqual(1 + 1e-9);
  }
  expect(Math.max(...sums.map(({ dollars = 0 }) => dollars))).toBeGreaterThan(1);
  expect((await journal('spendingCapped', number)).map(({ data }) => data.cap)).toContain('experiment');
});

test('sums survive kill -9: what is answered and what is in flight counts as before', async () => {
  const number = await campaign({ campaign: { tokens: 450 } });
  const [answered, failed, lost, late] = ['answered', 'failed', 'lost', 'late'].map((name) => question(number, name));
  if (!answered || !failed || !lost || !late) throw new Error('four questions');
  for (const one of [answered, failed, lost]) expect((await open(one)).kind).toBe('go');
  await close(answerTo(answered));
  await close(failureOf(failed));
  await restartArchive();
  // 150 spent, 150 in flight, nothing of what failed: one more fits, and no second one.
  expect((await open(late)).kind).toBe('go');
  expect(await open(question(number, 'too much'))).toMatchObject({ kind: 'capped', cap: 'campaign' });
  // The question of a process that died is the same record; what its first answer may have cost counts beside the second.
  expect((await open(lost)).kind).toBe('capped');
  await change(number, { campaign: { tokens: 600 } });
  expect((await open(lost)).kind).toBe('go');
  expect(await close(answerTo(lost))).toMatchObject({ openings: 2 });
});

test('a failure releases what it reserved, can be asked again, and gives way to an answer that comes after all', async () => {
  const number = await campaign({ campaign: { tokens: 150 }, prices: { m: { input: 1, output: 1 } } });
  const asked = question(number, 'failing');
  await open(asked);
  expect((await open(question(number, 'other'))).kind).toBe('capped');
  const refusal = { code: 'model-rejected', message: 'too long' };
  const failed = await close({ ...failureOf(asked, { retries: 3 }), refusal });
  expect(failed).toMatchObject({ state: 'failed', error: 'the endpoint is away', retries: 3, usage: null, refusal });
  expect(failed.dollars).toBeNull();
  expect(await open(asked)).toEqual({ kind: 'go', refusal });
  await close(failureOf(asked));
  const answered = await close(answerTo(asked));
  expect(answered).toMatchObject({ state: 'answered', openings: 2, retries: 3, refusal: null, seconds: 6 });
  expect((await journal('modelCalled', number)).map(({ data }) => data.state)).toEqual([
    'failed',
    'failed',
    'answered',
  ]);
});

test('a role that dies in the midst of an answer again and again comes to the cap, and not to a bill without end', async () => {
  const asked = question(await campaign({ campaign: { tokens: 400 } }), 'dying'); // 150 at most
  expect(await open(asked)).toEqual({ kind: 'go' });
  expect(await open(asked)).toEqual({ kind: 'go' });
  expect(await open(asked)).toMatchObject({ kind: 'capped', cap: 'campaign' });
  const known = await callsIn(database).get(asked.call._id);
  expect(known).toMatchObject({ state: 'failed', openings: 2, brokenOff: 2 });
});

test('an opening that the bus repeats while the archive is slow changes nothing: nothing was asked between', async () => {
  const asked = { ...question(await campaign({ campaign: { tokens: 160 } }), 'slow'), opening: 'once' };
  const replies = await Promise.all(Array.from({ length: 6 }, () => bus.request('openCall', asked)));
  expect(replies).toEqual(Array(6).fill({ kind: 'go' }));
  expect(await callsIn(database).get(asked.call._id)).toMatchObject({ state: 'open', openings: 1, brokenOff: 0 });
  const refusal = { code: 'model-refused', message: 'by the filter' };
  await close({ ...failureOf(asked), refusal });
  // One that arrives after all is over begins nothing that nobody would end; to a replay the refusal is the answer.
  expect(await bus.request('openCall', asked)).toEqual({ kind: 'go', refusal });
  expect(await callsIn(database).get(asked.call._id)).toMatchObject({ state: 'failed', openings: 1, refusal });
});

test('a try that broke off is counted before the next one, at most until the cap, also if its process dies then', async () => {
  const number = await campaign({ campaign: { tokens: 460 } }); // 150 at most for each try
  const asked = { ...question(number, 'tries'), opening: 'first process' };
  const tryAgain = (brokenOff: number) => bus.request('openCall', { ...asked, brokenOff });
  for (const brokenOff of [0, 1, 1, 2]) expect(await tryAgain(brokenOff)).toEqual({ kind: 'go' });
  const kept = () => callsIn(database).get(asked.call._id);
  expect(await kept()).toMatchObject({ state: 'open', openings: 1, brokenOff: 2 });
  await restartArchive();
  const refused = await tryAgain(3);
  expect(refused).toMatchObject({
    kind: 'capped',
    cap: 'campaign',
    why: /450 tokens are spent and at most 0 tokens in/,
  });
  expect(await kept()).toMatchObject({ state: 'failed', openings: 1, brokenOff: 3, error: /the cap of campaign/ });
  expect(await close(failureOf(asked))).toMatchObject({ state: 'failed', brokenOff: 3 });
  expect(await journal('modelCalled', number)).toHaveLength(1);

  // A second process knows nothing of the tries of the first: each that was told counts, and the one under way.
  const other = { ...question(await campaign({}), 'killed'), opening: 'first process' };
  await bus.request('openCall', other);
  await bus.request('openCall', { ...other, brokenOff: 1 });
  await open(other);
  expect(await close(answerTo(other, { brokenOff: 1 }))).toMatchObject({ openings: 2, brokenOff: 3 });
});

test('what was paid for a failed call still counts when the question is asked again', async () => {
  const number = await campaign({ campaign: { tokens: 300 }, prices: { m: { input: 1, output: 1 } } });
  const asked = question(number, 'cut off');
  await open(asked);
  await close(failureOf(asked, { usage: { input: 100, output: 50, cached: 0, reasoning: 50 } }));
  expect((await open(asked)).kind).toBe('go');
  expect((await open(question(number, 'third'))).kind).toBe('capped');
  expect((await close(answerTo(asked))).usage).toEqual({ input: 200, output: 100, cached: 0, reasoning: 50 });
});

test('an answer of unknown size counts with all that it could take', async () => {
  const number = await campaign({ campaign: { tokens: 200 } });
  const asked = question(number, 'silent');
  await open(asked);
  expect((await close(answerTo(asked, { usage: null }))).usage).toBeNull();
  expect((await open(question(number, 'next'))).kind).toBe('capped');
});

test('a cap is the one of the campaign as it is now, and a refusal is told once until the campaign changes', async () => {
  const number = await campaign({ campaign: { tokens: 150 } });
  await open(question(number, 'first'));
  const [second, third] = [question(number, 'second'), question(number, 'third')];
  const refused = await open(second);
  expect(refused).toMatchObject({ kind: 'capped', cap: 'campaign' });
  await Promise.all([open(second), open(third)]);
  const told = await journal('spendingCapped', number);
  expect(told.map(({ data }) => data)).toMatchObject([
    { cap: 'campaign', unit: 'tokens', limit: 150, spent: 0, inFlight: 150, missingPrice: null, role: 'researcher' },
  ]);
  expect(told[0]?.data.why).toMatch(
    /150 tokens.* 0 tokens are spent and at most 150 tokens in flight.* 150 tokens more/,
  );

  const capped = { cap: 'campaign', unit: 'tokens', limit: 150, missingPrice: null } as const;
  await change(number, { campaign: { tokens: 150 } }, { state: 'paused', capped });
  await open(second);
  expect(await journal('spendingCapped', number)).toHaveLength(1);
  await change(number, { campaign: { tokens: 150 } });
  expect((await open(second)).kind).toBe('capped');
  expect(await journal('spendingCapped', number)).toHaveLength(2);
  await change(number, { campaign: { tokens: 300 } });
  expect(await open(second)).toEqual({ kind: 'go' });
});

test('an endpoint that refuses everybody is told once, and nobody asks it again until the campaign has changed', async () => {
  const number = await campaign({});
  const [first, second] = [question(number, 'denied first'), question(number, 'denied second')];
  for (const one of [first, second]) expect((await open(one)).kind).toBe('go');
  const error = 'the key in OPENAI_API_KEY is refused';
  for (const one of [first, second]) await close({ ...failureOf(one), error, denied: true });
  const told = await journal('modelDenied', number);
  expect(told.map(({ data }) => data)).toMatchObject([{ role: 'researcher', why: error }]);

  const denied = { role: 'researcher', why: error };
  await change(number, {}, { state: 'paused', denied });
  expect(await open(first)).toEqual({ kind: 'denied', why: error });
  await change(number, {});
  expect(await open(first)).toEqual({ kind: 'go' });
  await close({ ...failureOf(first), error, denied: true });
  expect(await journal('modelDenied', number)).toHaveLength(2);
});

test('a failure of one question pauses nothing', async () => {
  const number = await campaign({});
  const asked = question(number, 'too long');
  await open(asked);
  await close(failureOf(asked));
  expect(await journal('modelDenied', number)).toHaveLength(0);
});

test('a cap in dollars refuses a model without a price by its name, and takes older calls at the price they get', async () => {
  const number = await campaign({});
  const before = question(number, 'before the cap');
  await open(before);
  await close(answerTo(before));
  await change(number, { campaign: { dollars: 1 } });
  const next = question(number, 'after it');
  expect(await open(next)).toMatchObject({ kind: 'capped', why: expect.stringContaining('no price for the model m') });
  expect((await journal('spendingCapped', number))[0]?.data).toMatchObject({ missingPrice: 'm', unit: 'dollars' });
  // 150 tokens of the older call cost 0.6 at this price: no second one fits.
  await change(number, { campaign: { dollars: 1 }, prices: { m: { input: 4000, output: 4000 } } });
  expect(await open(next)).toMatchObject({ kind: 'capped', why: expect.stringContaining('$0.6 are spent') });
  await change(number, { campaign: { dollars: 1 }, prices: { m: { input: 3000, output: 3000 } } });
  expect(await open(next)).toEqual({ kind: 'go' });
});

test('nothing is asked for a campaign that has ended or never was, and nothing ends that was not begun', async () => {
  const number = await campaign({});
  const asked = question(number, 'too late');
  await change(number, {}, { state: 'cancelled' });
  await expect(open(asked)).rejects.toMatchObject({ kind: 'terminal', code: 'campaign-ended' });
  await expect(open(question(99, 'nowhere'))).rejects.toMatchObject({ code: 'unknown-campaign' });
  await expect(close(answerTo(asked))).rejects.toMatchObject({ kind: 'terminal', code: 'unknown-call' });
  await expect(close(answerTo(asked, { answerHash: null }))).rejects.toMatchObject({ code: 'call-invalid' });
});

test('an end that a killed archive did not tell the journal is told at the next start', async () => {
  const number = await campaign({});
  const asked = question(number, 'untold');
  await open(asked);
  await archive.kill();
  const calls = callsIn(database);
  const stored = await calls.get(asked.call._id);
  if (!stored) throw new Error('opened calls are on disk');
  await calls.replace({ ...stored, state: 'answered', answerHash: 'a'.repeat(64), announced: false });
  archive = launchArchive(servers);
  expect((await open(asked)).kind).toBe('answered');
  expect((await journal('modelCalled', number)).map(({ data }) => data._id)).toEqual([asked.call._id]);
  expect((await calls.get(asked.call._id))?.announced).toBe(true);
});

test('a call for a vector, which has no output, counts against caps and is priced by the table as any other', async () => {
  const prices = { vectors: { input: 2, output: 0 } };
  const number = await campaign({ prices, roles: { researcher: { tokens: 250 } } });
  const vector = (name: string) => ({
    ...question(number, name, { node: 'embed', model: 'vectors' }),
    atMost: { input: 100, output: 0 },
  });
  const first = vector('first');
  expect(await open(first)).toEqual({ kind: 'go' });
  const usage = { input: 90, output: 0, cached: 0, reasoning: 0 };
  expect(await close(answerTo(first, { usage }))).toMatchObject({ usage, dollars: 0.00018 });
  expect(await open(vector('second'))).toEqual({ kind: 'go' });
  expect(await open(vector('third'))).toMatchObject({ kind: 'capped', cap: 'role' });
});
