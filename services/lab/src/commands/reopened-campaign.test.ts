import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StubLaboratory, startStubLaboratory } from '../testing/stub-laboratory.ts';
import { continueOrStart } from './open-campaign.ts';

let laboratory: StubLaboratory;

/** The first campaign was opened again for a confirmation, when a second one had ended. */
beforeAll(async () => {
  laboratory = await startStubLaboratory('reopened');
  const { database } = laboratory;
  const first = sampleCampaign({ candidates: 4, wanted: 4, underWay: 0, state: 'running' });
  const reopened = { state: 'finished' as const, note: '4 candidates completed', finishedAt: first.campaign.startedAt };
  await insertSampleCampaign(database, { ...first, campaign: { ...first.campaign, reopened } });
  await insertSampleCampaign(
    database,
    sampleCampaign({ number: 2, seed: 'second', candidates: 3, wanted: 3, underWay: 0, state: 'finished' }),
  );
});
afterAll(() => laboratory?.stop());

test('what is shown unasked is the campaign that is being confirmed, and not a newer one that has ended', async () => {
  const { asi, reading } = laboratory;
  for (const command of ['leaderboard', 'tree'])
    expect((await asi(command)).out.split('\n')[0], command).toContain('campaign c001 ');
  expect(JSON.parse((await asi('status', '--json')).out).progress.campaignId).toBe('c001');
  expect((await reading.campaign())?.id).toBe('c001');
});

test('who starts another campaign hears that the one open for a confirmation ends as it had, and not that it is cancelled', async () => {
  const signal = new AbortController().signal;
  const { said } = await continueOrStart(laboratory.reading, { options: {}, fresh: true, unfinished: 'c001', signal });
  expect(said).toContain('campaign c001 is finished, as it was before its confirmation was asked for');
  expect(said).toContain('campaign c003 is started');
});
