import {
  campaignIdOf,
  campaignSettingsSchema,
  candidateIdOf,
  catalogue,
  type DataOf,
  everyDeadLetter,
} from '@asi/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { designCommand } from '../agents/researcher/src/testing/design-command.ts';
import { type NullHouse, startNullHouse } from './support/null-house.ts';
import { until } from './support/until.ts';

let house: NullHouse;

beforeAll(async () => {
  // A certificate would hold the slot for longer than this test may last.
  house = await startNullHouse('cancelled-certificate', 600_000);
  for (const member of ['services/archive', 'services/cognition', 'agents/engineer', 'agents/researcher'])
    await house.start(member);
});
afterAll(() => house.stop());

async function askForDesign(campaignNumber: number): Promise<void> {
  const campaignId = campaignIdOf(campaignNumber);
  const experimentId = candidateIdOf(campaignId, 1);
  const { data } = designCommand({
    campaignId,
    campaignNumber,
    experimentId,
    ordinal: 1,
    // No insight of an earlier candidate is waited for.
    horizon: 0,
    mind: 'offline',
    model: null,
    token: `token-${experimentId}`,
  });
  await house.bus.publish(catalogue.design, { experimentId, campaignId, data });
}

/** What the director says before it asks for the first design: designs wait until the archive has heard of it. */
async function startCampaign(campaignNumber: number): Promise<void> {
  const campaignId = campaignIdOf(campaignNumber);
  const data = { campaignId, settings: campaignSettingsSchema.parse({}) };
  await house.bus.publish(catalogue.campaignStarted, { experimentId: null, campaignId, data });
}

async function settleCancelled(campaignNumber: number): Promise<void> {
  const campaignId = campaignIdOf(campaignNumber);
  const experimentId = candidateIdOf(campaignId, 1);
  const data: DataOf<'settled'> = {
    campaignId,
    campaignNumber,
    experimentId,
    kind: 'candidate',
    ordinal: 1,
    arm: null,
    outcome: 'cancelled',
    reason: { code: 'cancelled', message: 'the campaign was cancelled', evidenceHash: null },
    name: 'a candidate',
    parentId: null,
    components: [],
    yardstick: 'y',
    fitness: null,
  };
  await house.bus.publish(catalogue.settled, { experimentId, campaignId, data });
}

const runs = async (jobId: string) =>
  (await house.client.list({ states: ['running'] })).some((job) => job.jobId === jobId);

test('the certificate of a cancelled campaign does not keep the next campaign waiting', async () => {
  await askForDesign(1);
  await until('the first certificate runs', () => runs('c001-0001-c1-1'));
  await settleCancelled(1);
  await startCampaign(2);
  await askForDesign(2);
  await until('the next campaign has the slot', () => runs('c002-0001-c1-1'), 20);
  expect((await house.client.get('c001-0001-c1-1' as never)).finished?.outcome.status).toBe('cancelled');
  // Done with, and not another draft of it in front of the next campaign.
  expect(await house.client.list({ labels: { experiment: 'c001-0001' } })).toHaveLength(1);
  const researcher = (await house.bus.discover()).find(({ role }) => role === 'researcher');
  expect(researcher?.failed, 'asi status would count it as a failed try').toBe(0);
  const letters = [];
  for await (const record of house.bus.journal({ filters: [everyDeadLetter] })) letters.push(record);
  expect(letters).toEqual([]);
});
