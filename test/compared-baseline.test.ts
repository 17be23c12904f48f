import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { campaignSettingsSchema, catalogue, type ExperimentId, filterFor } from '@asi/contracts';
import { startStack } from '@asi/lab';
import { openReading } from '@asi/reading';
import { expect, onTestFinished, test } from 'vitest';
import { asi } from './support/asi-command.ts';
import { houseOf } from './support/house-of.ts';
import { startScriptedRoles } from './support/scripted-roles.ts';
import { until } from './support/until.ts';

test('a baseline is not cancelled under the candidates that are compared with it, however late it is asked for', async () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-compared-'));
  const root = houseOf(['agents/director', 'services/archive']);
  const stack = await startStack({ root, env: { ...process.env, ASI_HOME: home, ASI_LEASE_SECONDS: '2' } });
  onTestFinished(async () => {
    await stack.stop();
    for (const folder of [home, root]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await stack.ready();
  const roles = await startScriptedRoles(stack.natsUrl, { isJudgeSilent: (id) => id === 'c001-b01' });
  const reading = await openReading({ natsUrl: stack.natsUrl, mongodbUrl: stack.mongodbUrl, source: 'test/compared' });
  onTestFinished(async () => {
    await reading.close();
    await roles.stop();
  });
  const settings = campaignSettingsSchema.parse({
    suite: 'cpu-smoke',
    baselines: [{ name: 'delta-net', seeds: [0, 1] }],
    budget: { candidates: 1, maximalAttempts: 1 },
    confirmation: { best: 0 },
  });
  await roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  await until('the baselines are compared with', async () => (await reading.leaderboard('c001'))?.noise != null);
  const experimentId = 'c001-b01' as ExperimentId;
  await until(
    'it is judged',
    async () => (await reading.experiment(experimentId))?.state.startsWith('assessing') === true,
  );

  // The command looks before it asks; its message may come after the reference was made.
  expect(await asi(home, 'cancel', experimentId).catch(String)).toContain('nothing is left to cancel');
  await roles.bus.publish(catalogue.cancelExperiment, { experimentId, data: { experimentId } });
  await until('the director refuses', async () => (await asi(home, 'status')).includes('compares with it already'));
  expect((await reading.experiment(experimentId))?.finished).toBe(false);
  const { kind, owner, name } = catalogue.settled;
  for await (const { envelope } of reading.bus.journal({ filters: [filterFor(kind, owner, name)] }))
    expect(envelope?.subject).not.toBe(experimentId);
});
