import type { Bus } from '@asi/bus';
import { campaignSettingsSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { type RunnersSeen, seeRunners } from '../runners.ts';
import { refuseUnfit } from './refuse-unfit.ts';

const engineer = (runner: string, devices: string, isolationTier: number) => ({
  role: 'engineer',
  details: { trainerVersion: 'v', slots: 2, runner, devices, isolationTier },
});

/** The runners that a director sees when these engineers answer it. */
async function seen(...engineers: ReturnType<typeof engineer>[]): Promise<RunnersSeen> {
  const runners = await seeRunners({ discover: async () => engineers } as unknown as Bus);
  if (runners === null) throw new Error('no engineer was seen');
  return runners;
}

const both = engineer('10.0.0.1:70', 'cpu cuda', 2);
const cpuOnly = engineer('10.0.0.2:70', 'cpu', 2);
const open = engineer('10.0.0.3:70', 'cpu cuda', 0);
const onCuda = campaignSettingsSchema.parse({ device: 'cuda' });
const usual = campaignSettingsSchema.parse({});
const model = { common: { model: 'any' } };
const thinking = campaignSettingsSchema.parse({ minds: { researcher: 'llm' }, models: model });
const armed = campaignSettingsSchema.parse({
  models: model,
  arms: [{ name: 'control' }, { name: 'model', minds: { engineer: 'llm' } }],
});

test('a campaign for GPUs is refused where one runner has none, instead of failing run by run', async () => {
  const mixed = await seen(both, cpuOnly);
  expect(() => refuseUnfit(onCuda, mixed)).toThrow(/10\.0\.0\.2:70 has no CUDA device: use `auto` or `cpu`/);
  expect(() => refuseUnfit(usual, mixed)).not.toThrow();
  const able = await seen(both, both);
  expect(() => refuseUnfit(onCuda, able)).not.toThrow();
});

test('programs of a language model are refused before the first is paid for, where a runner cannot isolate them', async () => {
  const mixed = await seen(both, open);
  expect(() => refuseUnfit(thinking, mixed)).toThrow(/10\.0\.0\.3:70 has no isolation.*install bubblewrap/);
  expect(() => refuseUnfit(armed, mixed)).toThrow(/no isolation/);
  expect(() => refuseUnfit(usual, mixed)).not.toThrow();
  const able = await seen(both, cpuOnly);
  expect(() => refuseUnfit(thinking, able)).not.toThrow();
});
