import { campaignSettingsSchema, catalogue, type ExperimentId, filterFor } from '@asi/contracts';
import { campaignsIn, openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { asi } from './support/asi-command.ts';
import { type ScriptedLaboratory, startScriptedLaboratory } from './support/scripted-laboratory.ts';
import { until } from './support/until.ts';

const settings = campaignSettingsSchema.parse({
  suite: 'cpu-smoke',
  baselines: [{ name: 'delta-net', seeds: [0, 1] }],
  budget: { candidates: 1, maximalAttempts: 1 },
  confirmation: { best: 0 },
});

/** A laboratory with a campaign, whose judge says nothing to some experiments. */
async function houseWith(isJudgeSilent: (id: string) => boolean): Promise<ScriptedLaboratory> {
  const laboratory = await startScriptedLaboratory('cancelled', { isJudgeSilent });
  onTestFinished(() => laboratory.stop());
  await laboratory.roles.bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  return laboratory;
}

test('a baseline is not cancelled under the candidates that are compared with it, however late it is asked for', async () => {
  const { home, roles, reading } = await houseWith((id) => id === 'c001-b01');
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

test('what was under way in a campaign that was cancelled just before its director died is cancelled too', async () => {
  const { stack, reading } = await houseWith(() => true);
  const underWay = async () =>
    (await reading.progress('c001'))?.inFlight.filter(({ kind }) => kind === 'baseline') ?? [];
  await until(
    'both baselines wait for the judge',
    async () =>
      (await underWay()).every(({ state }) => state.startsWith('assessing')) && (await underWay()).length === 2,
  );
  const database = await openDatabase(stack.mongodbUrl);
  onTestFinished(() => database.close());
  const campaigns = campaignsIn(database);
  const campaign = await campaigns.get('c001');
  if (!campaign) throw new Error('the campaign was started');
  const finishedAt = new Date().toISOString();
  expect(await campaigns.replace({ ...campaign, rev: campaign.rev + 1, state: 'cancelled', finishedAt })).toBe(true);
  process.kill(stack.states().find(({ name }) => name === 'director')?.pid ?? Number.NaN, 'SIGKILL');
  await until('they are cancelled', async () => (await reading.experiment('c001-b02'))?.state === 'cancelled');
  expect(await reading.experiment('c001-b01')).toMatchObject({ state: 'cancelled', finished: true });
  expect((await reading.progress('c001'))?.inFlight).toEqual([]);
});
