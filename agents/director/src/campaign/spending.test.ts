import { armNameSchema, type DataOf } from '@asi/contracts';
import { runningCampaign } from '@asi/testkit';
import { describe, expect, it, test } from 'vitest';
import { sampleContext } from '../testing/samples.ts';
import { commonContext } from './candidate.ts';
import { mayWaitForModel, pauseFor, withSpending } from './spending.ts';

const campaign = (spending: unknown, change: object = {}) =>
  runningCampaign({ rev: 3, settings: { spending }, ...change });
const capped = (change: Partial<DataOf<'spendingCapped'>> = {}): DataOf<'spendingCapped'> => ({
  campaignId: campaign({})._id,
  experimentId: null,
  role: 'judge',
  cap: 'campaign',
  unit: 'dollars',
  limit: 2,
  missingPrice: null,
  spent: 1.9,
  inFlight: 0,
  why: 'the cap of campaign c001 is $2',
  ...change,
});

describe('the pause of a campaign whose cap is reached', () => {
  it('names the way on for each kind of cap', () => {
    const note = (spending: unknown, change: Parameters<typeof capped>[0]) =>
      pauseFor(capped(change), campaign(spending))?.note;
    expect(note({ campaign: { dollars: 2 } }, {})).toContain('asi run --dollars N (asi resume --dollars N');
    expect(note({ campaign: { tokens: 2 } }, { unit: 'tokens' })).toContain('asi run --tokens N');
    expect(note({ roles: { judge: { dollars: 2 } } }, { cap: 'role' })).toContain(
      'higher spending.roles.judge.dollars',
    );
    expect(note({ experiment: { dollars: 2 } }, { cap: 'experiment' })).toContain('higher spending.experiment.dollars');
    expect(note({ campaign: { dollars: 2 } }, { missingPrice: 'm' })).toContain('write spending.prices');
    expect(note({ campaign: { dollars: 2 } }, { missingPrice: 'm' })).not.toContain(' for c001-');
  });

  it('does not pause for a cap that was raised meanwhile, or a price that came: an old message must not stop what goes on', () => {
    expect(pauseFor(capped(), campaign({ campaign: { dollars: 5 } }))).toBeNull();
    expect(pauseFor(capped(), campaign({}))).toBeNull();
    const priced = { campaign: { dollars: 2 }, prices: { m: { input: 1, output: 1 } } };
    expect(pauseFor(capped({ missingPrice: 'm' }), campaign(priced))).toBeNull();
    expect(pauseFor(capped({ missingPrice: 'constructor' }), campaign(priced))).not.toBeNull();
  });

  it('holds a campaign that a person had paused, and none that has ended or is held already', () => {
    const spending = { campaign: { dollars: 2 } };
    const reached = { cap: 'campaign', unit: 'dollars', limit: 2, missingPrice: null };
    expect(pauseFor(capped(), campaign(spending, { state: 'paused' }))?.capped).toEqual(reached);
    expect(pauseFor(capped(), campaign(spending, { state: 'paused', capped: reached }))).toBeNull();
    expect(pauseFor(capped(), campaign(spending, { state: 'cancelled' }))).toBeNull();
  });
});

test('other caps and prices leave what they do not name as it was', () => {
  const before = campaign({
    campaign: { dollars: 2 },
    experiment: { tokens: 9 },
    prices: { m: { input: 1, output: 1 } },
  });
  const after = withSpending(before, { campaign: { dollars: 5, tokens: null } });
  expect(after).toEqual({
    ...before.settings,
    spending: { ...before.settings.spending, campaign: { dollars: 5, tokens: null } },
  });
});

test('a state waits for a model exactly where a role that thinks with one may stand behind it', () => {
  const { terms } = sampleContext();
  const waits = (role: string | null, state: string) =>
    mayWaitForModel({ terms: { ...terms, minds: { ...terms.minds, ...(role ? { [role]: 'llm' } : {}) } } }, state);
  expect([waits('researcher', 'designing'), waits('judge', 'designing')]).toEqual([true, false]);
  expect([waits('engineer', 'training.running'), waits(null, 'training.running')]).toEqual([true, false]);
  expect(waits('analyst', 'assessing.judging.done + analysing.waiting')).toBe(true);
  expect([waits('judge', 'measured'), waits('judge', 'designGate'), waits(null, 'assessing.judging.waiting')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a candidate of the control arm may stand behind designs of a model, whose places it shares: no pause may cost it', () => {
  const arms = [{ name: 'thinking', minds: { researcher: 'llm' } }, { name: 'control' }];
  const split = campaign({}, { settings: { arms } });
  const occasion = { sampledAt: 'now', seed: 1, confirmation: null, arm: null };
  const control = commonContext(split, { ...occasion, arm: armNameSchema.parse('control') });
  expect(control.terms.minds.researcher).toBe('offline');
  expect(mayWaitForModel(control, 'designing')).toBe(true);
  expect(mayWaitForModel(control, 'training.running')).toBe(false);
  expect(commonContext(campaign({}), occasion).terms).not.toHaveProperty('modelRoles');
});
