import { candidateIdOf, catalogue, type DataOf, filterFor, trainAgain } from '@asi/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandData } from '../agents/engineer/src/testing/failed-training.ts';
import { type NullHouse, startNullHouse } from './support/null-house.ts';
import { until } from './support/until.ts';

let house: NullHouse;

beforeAll(async () => {
  house = await startNullHouse('lost-first', 100);
  await house.start('services/archive');
});
afterAll(() => house.stop());

const command = (ordinal: number, attempt = 1): DataOf<'train'> =>
  commandData({
    experimentId: candidateIdOf('c001' as never, ordinal),
    attempt,
    token: `token-${ordinal}-${attempt}` as never,
    program: { kind: 'builtin', name: 'delta-net' },
    mind: 'offline',
    model: null,
    design: null,
    mending: null,
  });
const ask = (definition: typeof catalogue.train | typeof trainAgain, data: DataOf<'train'>) =>
  house.bus.publish(definition, { experimentId: data.experimentId, campaignId: data.campaignId, data });

async function trained(): Promise<string[]> {
  const { kind, owner, name } = catalogue.trained;
  const found: string[] = [];
  for await (const { envelope } of house.bus.journal({ filters: [filterFor(kind, owner, name)] }))
    if (envelope) found.push((envelope.data as DataOf<'trained'>).jobId);
  return found;
}

test('what was begun and lost is trained before what was never begun, although it is asked for last', async () => {
  for (const ordinal of [1, 2, 3, 4, 5]) await ask(catalogue.train, command(ordinal));
  await ask(trainAgain, command(9, 2));
  await house.start('agents/engineer');
  await until('all trainings', async () => (await trained()).length === 6);
  const order = await trained();
  // One new command may have been taken at the same moment.
  expect(order.indexOf('c001-0009-t2')).toBeLessThanOrEqual(1);
  expect(order.filter((one) => one !== 'c001-0009-t2')).toEqual([1, 2, 3, 4, 5].map((n) => `c001-000${n}-t1`));
});
