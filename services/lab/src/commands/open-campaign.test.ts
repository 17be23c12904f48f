import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '@asi/bus';
import { everyDeadLetter } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { sampleCall } from '@asi/reading/testing';
import { callsIn } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StubLaboratory, startStubLaboratory } from '../testing/stub-laboratory.ts';
import { hasMessages } from './has-messages.ts';
import { continueOrStart, refuseConflict } from './open-campaign.ts';

const signal = new AbortController().signal;
let laboratory: StubLaboratory;
let home: string;
let bus: Bus;
let reading: Reading;
let asi: StubLaboratory['asi'];

beforeAll(async () => {
  laboratory = await startStubLaboratory('open');
  ({ home, bus, reading, asi } = laboratory);
});
afterAll(() => laboratory?.stop());

const open = (
  options: Parameters<typeof continueOrStart>[1]['options'],
  fresh = false,
  unfinished: string | null = null,
) => continueOrStart(reading, { options, fresh, unfinished, signal });

test('the first run starts a campaign with the settings asked for', async () => {
  expect(await open({ candidates: '4' })).toMatchObject({ campaignId: 'c001', said: 'campaign c001 is started' });
  expect((await reading.campaign())?.settings.budget.candidates).toBe(4);
});

test('an unfinished campaign is continued, by the same options and by none', async () => {
  for (const options of [{}, { candidates: '4' }, { seed: '1' }]) {
    const { campaignId, said } = await open(options);
    expect([campaignId, said]).toEqual(['c001', expect.stringContaining('is continued where it was: 0 of 4')]);
  }
  expect(await reading.campaigns()).toHaveLength(1);
});

test('whether the broker still has the messages of a campaign is known: without them it would seem to hang', async () => {
  expect([await hasMessages(reading, 'c001'), await hasMessages(reading, 'c002')]).toEqual([true, false]);
});

test('a campaign that was paused goes on', async () => {
  expect(await asi('pause')).toMatchObject({ code: 0, out: expect.stringContaining('c001 is paused') });
  expect((await reading.campaign())?.state).toBe('paused');
  await open({});
  expect((await reading.campaign())?.state).toBe('running');
  await asi('pause');
  expect(await asi('resume')).toMatchObject({ code: 0, out: 'campaign c001 goes on\n' });
});

test('caps of spending are raised by resuming and by running, and nothing else of an unfinished campaign changes', async () => {
  const spending = async () => (await reading.campaign())?.settings.spending;
  await asi('pause');
  const raised = await asi('resume', '--dollars', '2.5');
  expect(raised).toMatchObject({
    code: 0,
    out: 'campaign c001 goes on (spending.campaign.dollars is 2.5, not null)\n',
  });
  expect(await spending()).toMatchObject({ campaign: { dollars: 2.5, tokens: null } });
  await asi('pause');
  const { said } = await open({ tokens: '9000' });
  expect(said).toContain('from now on spending.campaign.tokens is 9000, not null');
  expect(await spending()).toMatchObject({ campaign: { dollars: 2.5, tokens: 9000 } });

  const file = join(home, 'raised.yaml');
  writeFileSync(
    file,
    'budget: { candidates: 4 }\nspending: { experiment: { dollars: 1 }, prices: { m: { input: 1, output: 2 } } }\n',
  );
  await open({ campaign: file });
  expect(await spending()).toMatchObject({ campaign: { dollars: null, tokens: null }, experiment: { dollars: 1 } });
  expect(await asi('resume', '--campaign', file)).toMatchObject({ code: 0, out: 'campaign c001 goes on\n' });
  writeFileSync(file, 'budget: { candidates: 5 }\nspending: { experiment: { dollars: 7 } }\n');
  await expect(open({ campaign: file })).rejects.toThrow('budget.candidates is 4, not 5');
  expect((await reading.campaign())?.settings).toMatchObject({
    budget: { candidates: 4 },
    spending: { experiment: { dollars: 1 } },
  });
  const model = join(home, 'other-model.yaml');
  writeFileSync(model, 'budget: { candidates: 4 }\nmodels: { judge: { model: new } }\n');
  const resumed = await asi('resume', '--campaign', model);
  expect(resumed.code).toBe(0);
  // Who changed the model of a paused campaign is told that it stays as it was.
  expect(resumed.error).toMatch(/caps and prices are taken alone: .*models\.judge\.model is null, not "new".*--new/);
  expect((await reading.campaign())?.settings.models.judge).toEqual({});
  expect(await asi('resume', '--dollars', 'much')).toMatchObject({
    code: 2,
    error: expect.stringContaining('--dollars much: expected a number > 0'),
  });
  await open({ dollars: '2.5', tokens: '9000' });
});

test('a cap that is passed already is refused at once, and changes nothing: the campaign would be paused again a moment after it goes on', async () => {
  await asi('pause');
  const before = await reading.campaign();
  const paid = sampleCall('c001-0001', 'paid', { dollars: 3, role: 'judge' });
  await callsIn(laboratory.database).insert(paid);
  expect(await asi('resume', '--dollars', '2')).toEqual({
    code: 2,
    out: '',
    error:
      'asi: campaign c001 stays as it is, for the cap of campaign c001 on language models would be $2, and $3 are spent already: only a higher cap lets it go on\n',
  });
  expect(await asi('resume', '--tokens', '1200')).toMatchObject({
    code: 2,
    error: expect.stringContaining('would be 1200 tokens, and 1200 tokens are spent already'),
  });
  const file = join(home, 'passed.yaml');
  writeFileSync(
    file,
    'budget: { candidates: 4 }\nspending: { experiment: { tokens: 5 }, roles: { judge: { tokens: 7 } } }\n',
  );
  const ofRole = 'the cap of the judge in c001 on language models would be 7 tokens';
  expect(await asi('resume', '--campaign', file)).toMatchObject({ code: 2, error: expect.stringContaining(ofRole) });
  await expect(open({ campaign: file })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(ofRole),
  });
  await expect(refuseConflict(reading, { dollars: '2' })).rejects.toMatchObject({ code: 'usage' });
  expect(await reading.campaign()).toEqual(before);

  expect(await asi('resume', '--dollars', '3.5')).toMatchObject({ code: 0, out: expect.stringContaining('goes on') });
  await open({ candidates: '4' });
});

test('other settings than those of the unfinished campaign never cancel it silently', async () => {
  await expect(open({ candidates: '9' })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('budget.candidates is 4, not 9'),
  });
  expect((await reading.campaign())?.state).toBe('running');
});

test('--new cancels the unfinished campaign and starts another, and nothing is said to be learnt where nothing was', async () => {
  const asked = () => open({ candidates: '9' }, true, 'c001');
  const { campaignId, said } = await asked();
  expect(campaignId).toBe('c002');
  expect(said).toBe('campaign c001 is cancelled; its results are kept; campaign c002 is started');
  expect((await reading.campaign('c001'))?.state).toBe('cancelled');
  // Asked again, because the servers went away before it was heard: nothing is cancelled or started twice.
  expect(await asked()).toMatchObject({ campaignId, said: expect.stringContaining('is continued where it was') });
});

test('a campaign can be cancelled once, and then there is none to change', async () => {
  expect(await asi('cancel')).toMatchObject({ code: 0, out: 'campaign c002 is cancelled; its results are kept\n' });
  expect(await asi('cancel')).toMatchObject({ code: 1, error: 'asi: no campaign is open\n' });
  expect(await asi('cancel', 'c002')).toMatchObject({
    code: 1,
    error: expect.stringContaining('is cancelled already'),
  });
  expect(await asi('pause')).toMatchObject({ code: 1, error: expect.stringContaining('asi run starts one') });
});

test('a campaign that ended while the laboratory started is shown with its end, and no other is started unasked', async () => {
  const { campaignId, said } = await open({}, false, 'c002');
  expect([campaignId, said]).toEqual(['c002', 'campaign c002 came to its end while the laboratory started']);
  expect(await reading.campaigns()).toHaveLength(2);
});

test('two who start the same at the same moment follow one campaign; who wants another is told', async () => {
  const both = await Promise.all([open({ seed: '5' }), open({ seed: '5' })]);
  expect(new Set(both.map(({ campaignId }) => campaignId))).toEqual(new Set(['c003']));
  await asi('cancel');
  const [one, other] = await Promise.allSettled([open({ seed: '6' }), open({ seed: '7' })]);
  expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
  const refused = one.status === 'rejected' ? one : other;
  expect(refused).toMatchObject({
    reason: { code: 'campaign-refused', message: expect.stringContaining('at the same moment, with other settings') },
  });
  const letters = [];
  for await (const letter of bus.journal({ filters: [everyDeadLetter] })) letters.push(letter);
  expect(letters, 'asi status would show them for ever').toEqual([]);
});

test('what the director refuses ends the command with its reason', async () => {
  await asi('cancel');
  const file = join(home, 'refused.yaml');
  writeFileSync(file, 'title: refused\n');
  await expect(open({ campaign: file })).rejects.toThrow('the director refuses the campaign: no runner has that suite');
});
