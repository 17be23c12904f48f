import {
  armNameSchema,
  campaignIdOf,
  campaignSettingsSchema,
  candidateIdOf,
  embeddingModelSchema,
  embeddingNode,
  modelOf,
  settingsOfArm,
} from '@asi/contracts';
import { expect, test } from 'vitest';
import { sampleCampaign } from '../testing/sample-campaign.ts';
import { environmentModelOf, replayScopeOf, replaySettingsOf } from './replay-scope.ts';

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

test('a campaign that was compared otherwise by hand is refused, instead of differing at its first decision', () => {
  const at = experiments.findIndex(({ kind }) => kind === 'baseline');
  const id = experiments[at]?._id ?? '';
  const ended = (outcome: 'cancelled' | 'failed') =>
    experiments.map((one, index) => (index === at ? { ...one, outcome } : one));
  const refusal = new RegExp(`cannot be replayed: of its baselines ${id} were cancelled`);
  expect(() => replayScopeOf(campaign, ended('cancelled'))).toThrow(refusal);
  const others = campaign.baselineIds.filter((one) => one !== id);
  expect(() => replayScopeOf({ ...campaign, baselineIds: others }, ended('failed'))).toThrow(refusal);
  // What failed and was left so fails again from its record.
  expect(() => replayScopeOf({ ...campaign, baselineIds: [...others, id] }, ended('failed'))).not.toThrow();
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
      models: {
        ...settings.models,
        judge: { baseUrl: 'https://models.example/v1', temperature: 0 },
        embedding: embeddingModelSchema.parse({ model: 'vectors', baseUrl: 'https://models.example/v1' }),
      },
      spending: { ...settings.spending, campaign: { dollars: 1, tokens: null } },
    },
  };
  const replayed = replaySettingsOf(timed, replayScopeOf(timed, experiments), 'recorded-model');
  expect(replayed).toMatchObject({
    inFlight: 6,
    budget: { minutes: null, maximalAttempts: 12, candidates: settings.budget.candidates },
    confirmation: { best: 0 },
    spending: { campaign: { dollars: null, tokens: null } },
  });
  expect(replayed.models.judge).toEqual({ temperature: 0 });
  expect(replayed.models.common.model).toBe('recorded-model');
  expect(replayed.models.embedding).toMatchObject({ model: 'vectors', baseUrl: expect.stringMatching(/^replay:/) });
  expect(JSON.stringify(replayed)).not.toMatch(/https?:/);
});

const armed = () => {
  const settings = campaignSettingsSchema.parse({
    minds: { researcher: 'llm' },
    models: { common: { baseUrl: 'http://127.0.0.1:8000/v1' } },
    arms: [
      { name: 'control', minds: { researcher: 'offline' } },
      { name: 'large', models: { common: { model: 'large-model', baseUrl: 'http://127.0.0.1:8001/v1' } } },
      { name: 'small', models: { researcher: { baseUrl: 'http://127.0.0.1:8002/v1', temperature: 0.5 } } },
    ],
  });
  return { ...campaign, settings };
};

test('in a replay every arm asks the model that it asked, and none at an address where one may answer', () => {
  const replayed = replaySettingsOf(armed(), replayScopeOf(armed(), experiments), 'of-the-environment');
  const asked = ['large', 'small'].map((name) =>
    modelOf(settingsOfArm(replayed, armNameSchema.parse(name)).models, 'researcher'),
  );
  expect(asked.map(({ model }) => model)).toEqual(['large-model', 'of-the-environment']);
  expect(asked.map(({ temperature }) => temperature)).toEqual([null, 0.5]);
  expect(JSON.stringify(replayed)).not.toMatch(/https?:/);
});

test('the model of the environment is told by a call of an arm that names none, not by the last call of a role', () => {
  const arms = [
    { _id: candidateIdOf(campaignIdOf(1), 1), arm: armNameSchema.parse('small') },
    { _id: candidateIdOf(campaignIdOf(1), 2), arm: armNameSchema.parse('large') },
  ];
  const calls = [
    { role: 'researcher', experimentId: arms[1]?._id ?? null, model: 'large-model', node: 'design' },
    { role: 'researcher', experimentId: arms[0]?._id ?? null, model: 'of-the-environment', node: 'design' },
    { role: 'researcher', experimentId: arms[1]?._id ?? null, model: 'large-model', node: 'design' },
  ];
  expect(environmentModelOf(armed(), calls, arms)).toBe('of-the-environment');
  expect(environmentModelOf(armed(), calls.slice(2), arms)).toBeNull();
  const embedded = { ...calls[1], role: 'researcher', experimentId: arms[0]?._id ?? null, model: 'vectors' };
  expect(environmentModelOf(armed(), [{ ...embedded, node: embeddingNode }], arms)).toBeNull();
});
