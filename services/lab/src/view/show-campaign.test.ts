import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue, type ExperimentRecord, systemClock } from '@asi/contracts';
import { openReading, type Reading } from '@asi/reading';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { inflightIn, openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { showCampaign } from './show-campaign.ts';

const sample = sampleCampaign({ candidates: 40, wanted: 60, arms: [{ name: 'searching' }, { name: 'control' }] });
const campaignId = sample.campaign._id;

async function openLaboratory() {
  const servers = await startEmbeddedServers({ home: temporaryFolder() });
  onTestFinished(() => servers.kill());
  const database = await openDatabase(servers.mongodbUrl);
  onTestFinished(() => database.close());
  const reading = await openReading({ ...servers, source: 'director/test' });
  onTestFinished(() => reading.close());
  return { database, reading };
}

/** Says in the journal that a candidate of the sample was completed. */
const tellSettled = (reading: Reading, settled: ExperimentRecord) => {
  const { _id: experimentId, kind, ordinal, arm, name, parentId, fitness, yardstick } = settled;
  return reading.bus.publish(catalogue.settled, {
    experimentId,
    campaignId,
    data: {
      campaignId,
      campaignNumber: 1,
      experimentId,
      kind,
      ordinal,
      arm,
      outcome: 'completed',
      reason: null,
      name,
      parentId,
      components: [],
      yardstick,
      fitness,
    },
  });
};

const view = {
  campaignId,
  afterSequence: 0,
  supervised: () => [],
  dashboard: () => null,
  gone: () => false,
  hint: '',
  json: false,
  waitWhilePaused: true,
};

test('without a terminal the end of a candidate is followed by how its arm stands, and --json by nothing', async () => {
  const { database, reading } = await openLaboratory();
  await insertSampleCampaign(database, sample);
  const settled = sample.experiments.find(({ arm, outcome }) => arm === 'searching' && outcome === 'completed');
  if (!settled) throw new Error('the sample has a candidate of this arm');
  const { envelope } = await tellSettled(reading, settled);
  const experimentId = settled._id;

  /** What is written until it holds all that is waited for. */
  const shown = async (json: boolean, wanted: string): Promise<string[]> => {
    const interrupt = new AbortController();
    let written = '';
    const out = {
      write: (text: string) => {
        written += text;
        if (written.includes(wanted)) interrupt.abort();
      },
      isTerminal: false,
      columns: () => 80,
      rows: () => 24,
    };
    await showCampaign(
      { env: {}, out, error: out, clock: systemClock, interrupt: interrupt.signal },
      { ...view, reading, json },
    );
    return written.trim().split('\n');
  };

  const [standing] = ((await reading.arms(campaignId))?.arms ?? []).filter((one) => one.name === 'searching');
  const lines = await shown(false, 'arm searching');
  expect(lines[0]).toContain(experimentId);
  expect(lines[1]).toMatch(/ {2}arm searching \d+\/\d+, best 0\.\d+, mean lift [+-]\d\.\d+ \[/);
  expect(lines[1]).toContain(` ${standing?.settled}/${standing?.candidates}, best ${standing?.best?.merit.toFixed(3)}`);
  expect((await shown(true, envelope.id)).map((line) => JSON.parse(line).id)).toEqual([envelope.id]);
});

test('a line tells no more than those above it, however far the documents are: the first of two would end as both', async () => {
  const { database, reading } = await openLaboratory();
  await insertSampleCampaign(database, sample);
  const completed = sample.experiments.filter(({ kind, outcome }) => kind === 'candidate' && outcome === 'completed');
  const lastTwo = completed.slice(-2);
  for (const one of lastTwo) await tellSettled(reading, one);
  const interrupt = new AbortController();
  let written = '';
  const write = (text: string) => {
    written += text;
    if (lastTwo.every(({ name }) => written.includes(`${name} completed`))) interrupt.abort();
  };
  const out = { write, isTerminal: false, columns: () => 80, rows: () => 24 };
  const error = { ...out, write: () => undefined };
  const context = { env: {}, out, error, clock: systemClock, interrupt: interrupt.signal };
  await showCampaign(context, { ...view, reading });
  const counts = [...written.matchAll(/ completed.* \[(\d+) of 60/g)].map(([, count]) => Number(count));
  expect(counts).toEqual([completed.length - 1, completed.length]);
});

test('a cancelled campaign is shown until what was under way has ended: who stops the stack then leaves no training behind', async () => {
  const { database, reading } = await openLaboratory();
  const { inflight, ...ended } = sample;
  const campaign = { ...sample.campaign, state: 'cancelled' as const, finishedAt: systemClock.now().toISOString() };
  await insertSampleCampaign(database, { ...ended, campaign, inflight: inflight.slice(0, 1) });
  const out = { write: () => undefined, isTerminal: false, columns: () => 80, rows: () => 24 };
  let looks = 0;
  const progress: typeof reading.progress = async (id) => {
    const seen = await reading.progress(id);
    looks++;
    return seen;
  };
  // It reads the documents every two seconds of the clock, and gives up after ten.
  let seconds = 0;
  const clock = { ...systemClock, now: () => new Date(Date.parse(campaign.finishedAt) + 1000 * seconds) };
  const context = { env: {}, out, error: out, clock, interrupt: new AbortController().signal };
  const order: string[] = [];
  const shown = showCampaign(context, { ...view, reading: { ...reading, progress } }).then(
    ({ why }) => void order.push(why),
  );
  while (looks < 2 && order.length === 0) {
    await sleep(50);
    if (looks > 0) seconds = 3;
  }
  const left = inflightIn(database);
  for (const one of await left.all()) {
    order.push('settled');
    expect(await left.replace({ ...one, rev: one.rev + 1, settled: true })).toBe(true);
  }
  seconds = 6;
  await shown;
  expect(order).toEqual(['settled', 'ended']);
});
