import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StubLaboratory, startStubLaboratory } from '../testing/stub-laboratory.ts';

let laboratory: StubLaboratory;

/** Nothing has a score, as long as baselines train: two are measured, one trains. */
beforeAll(async () => {
  laboratory = await startStubLaboratory('cancelled');
  const sample = sampleCampaign({ candidates: 0, underWay: 3 });
  const states = ['measured', 'assessing.judging.waiting + analysing.done', 'training.running'];
  await insertSampleCampaign(laboratory.database, {
    ...sample,
    campaign: { ...sample.campaign, reference: null },
    experiments: [],
    inflight: sample.inflight.map((one, index) => ({ ...one, view: { ...one.view, state: states[index] ?? '' } })),
  });
});
afterAll(() => laboratory?.stop());

const unwrapped = (text: string) => text.replace(/\s+/g, ' ');

test('before a campaign is given up it is said that baselines are lost with it until all of them are measured', async () => {
  const { asi } = laboratory;
  const kept = 'results are kept, but not what has no score yet: baselines have theirs when all of them are measured';
  for (const command of ['run', 'cancel'])
    expect(unwrapped((await asi(command, '--help')).out), command).toContain(kept);
  expect((await asi('run', '--candidates', '3')).error).toContain(`--new cancels it (${kept})`);
});

test('who cancels a campaign hears how many measured runs are lost with it: the next one trains its baselines again', async () => {
  expect(await laboratory.asi('cancel')).toMatchObject({
    code: 0,
    out: 'campaign c001 is cancelled; its results are kept, but for 2 runs that had been measured and had no score yet: cancelled too, and trained again where another campaign needs the same baseline\n',
  });
});

test('the leaderboard of a cancelled campaign without a result promises none: nobody should wait for it', async () => {
  const { out } = await laboratory.asi('leaderboard');
  expect(out).toContain('nothing has a result: campaign and all that was under way are cancelled');
  expect(out).not.toContain('asi status');
});
