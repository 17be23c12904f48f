import { campaignIdOf, candidateIdOf, catalogue } from '@asi/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { designCommand } from '../agents/researcher/src/testing/design-command.ts';
import { type NullHouse, startNullHouse } from './support/null-house.ts';
import { until } from './support/until.ts';

let house: NullHouse;

beforeAll(async () => {
  house = await startNullHouse('pending-design', 600_000);
});
afterAll(() => house.stop());

test('a start that finds a design pending counts no failed try while the others are still starting', async () => {
  const campaignId = campaignIdOf(1);
  const experimentId = candidateIdOf(campaignId, 1);
  const { data } = designCommand({ experimentId, ordinal: 1, horizon: 0, mind: 'offline', model: null });
  await house.bus.publish(catalogue.design, { experimentId, campaignId, data });
  for (const member of ['agents/researcher', 'services/archive', 'services/cognition', 'agents/engineer'])
    await house.start(member);
  await until('its certificate runs', async () => (await house.client.list({ states: ['running'] })).length === 1);
  const researcher = (await house.bus.discover()).find(({ role }) => role === 'researcher');
  expect(researcher?.failed).toBe(0);
});
