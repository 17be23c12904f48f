import type { Bus } from '@asi/bus';
import { expect, test } from 'vitest';
import { seeRunners } from '../runners.ts';
import { soleTrainer } from './sole-trainer.ts';
import { trainerFault } from './trainer-fault.ts';

const campaign = { _id: 'c002' as never, yardstick: 'cpu-smoke/74d4c2bf0000/secret' };

async function seen(...versions: string[]) {
  const engineers = versions.map((trainerVersion, place) => ({
    role: 'engineer',
    details: { trainerVersion, slots: 1, runner: `10.0.0.${place}:70` },
  }));
  const runners = await seeRunners({ discover: async () => engineers } as unknown as Bus);
  if (runners === null) throw new Error('no engineer was seen');
  return runners;
}

test('a campaign is not started on runners of which each would measure with a trainer of its own', async () => {
  const mixed = await seen('old', 'old', 'new', 'old', 'new');
  expect(mixed.trainers).toEqual([
    { version: 'old', runner: '10.0.0.0:70' },
    { version: 'new', runner: '10.0.0.2:70' },
  ]);
  expect(() => soleTrainer(mixed)).toThrow(/different trainers \(old at 10\.0\.0\.0:70, new at 10\.0\.0\.2:70\)/);
  expect(soleTrainer(await seen('old', 'old'))).toBe('old');
});

test('whoever continues a campaign with another trainer reads which version began it, and both ways on', async () => {
  expect(trainerFault(campaign, await seen('67a8'))).toMatch(
    /changed since campaign c002: .* does not compare .* trainer 74d4c2bf0000, the runners have 67a8 now.* asi run --new .* begins from nothing.* bring back the version .* asi run goes on/,
  );
  expect(trainerFault(campaign, await seen('74d4c2bf0000', '67a8'))).toMatch(/different trainers.*74d4c2bf0000; then/);
  expect(trainerFault(campaign, await seen('74d4c2bf0000', '74d4c2bf0000'))).toBeNull();
});
