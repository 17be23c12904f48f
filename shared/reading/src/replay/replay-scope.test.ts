import { expect, test } from 'vitest';
import { sampleCampaign } from '../testing/sample-campaign.ts';
import { replayScopeOf, replaySettingsOf } from './replay-scope.ts';

const { campaign, experiments } = sampleCampaign();
const candidate = (ordinal: number) => experiments.findIndex((one) => one.ordinal === ordinal);

test('an unfinished campaign is replayed as far as it went, and says so', () => {
  const scope = replayScopeOf(campaign, experiments);
  expect(scope).toMatchObject({ candidates: 12, withConfirmations: false });
  expect(scope.leftOut).toEqual(['the campaign is running: replayed as far as it went']);
});

test('what was cancelled ends the replay before it: what comes later may rest on it', () => {
  const at = candidate(5);
  const cut = experiments.map((one, index) => (index === at ? { ...one, outcome: 'cancelled' as const } : one));
  const scope = replayScopeOf({ ...campaign, state: 'cancelled' }, cut);
  expect(scope.candidates).toBe(4);
  expect(scope.leftOut.join()).toContain('8 candidates after the first one that was cancelled');
});

test('a campaign without a settled candidate is refused, and told what to wait for', () => {
  const baselines = experiments.filter(({ kind }) => kind === 'baseline');
  expect(() => replayScopeOf(campaign, baselines)).toThrow(/no settled candidate yet: replay it when it has/);
});

test('time, money, machine and address of a model cannot change a replay', () => {
  const { settings } = campaign;
  const timed = {
    ...campaign,
    inFlight: 6,
    settings: {
      ...settings,
      budget: { ...settings.budget, minutes: 5 },
      models: { ...settings.models, judge: { baseUrl: 'https://models.example/v1', temperature: 0 } },
      spending: { ...settings.spending, campaign: { dollars: 1, tokens: null } },
    },
  };
  const replayed = replaySettingsOf(timed, replayScopeOf(timed, experiments), new Map([['judge', 'recorded-model']]));
  expect(replayed).toMatchObject({
    inFlight: 6,
    budget: { minutes: null, maximalAttempts: 12, candidates: settings.budget.candidates },
    confirmation: { best: 0 },
    spending: { campaign: { dollars: null, tokens: null } },
  });
  expect(replayed.models.judge).toEqual({ temperature: 0, model: 'recorded-model' });
  expect(replayed.models.common.baseUrl).not.toMatch(/^https?:/);
});
