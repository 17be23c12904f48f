import { campaignSettingsSchema, settingsOfArm } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armAt } from './arm-at.ts';

const campaign = (shares: readonly number[], seed = 1, number = 1) => ({
  number,
  settings: campaignSettingsSchema.parse({ seed, arms: shares.map((share, i) => ({ name: `arm-${i}`, share })) }),
});
const ordinals = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const shares = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 });

test('no arm is given more candidates than its share in any block, so that luck of the draw favours none', () => {
  fc.assert(
    fc.property(shares, fc.integer(), fc.integer({ min: 0, max: 9 }), (given, seed, block) => {
      const one = campaign(given, seed);
      const size = given.reduce((sum, share) => sum + share, 0);
      const arms = ordinals(size).map((place) => armAt(one, block * size + place));
      for (const [i, share] of given.entries()) expect(arms.filter((arm) => arm === `arm-${i}`)).toHaveLength(share);
    }),
  );
});

test('the arms do not stand in the same order in every block, and another seed gives another order', () => {
  const one = ordinals(40).map((ordinal) => armAt(campaign([1, 1]), ordinal));
  const firsts = new Set(one.filter((_, i) => i % 2 === 0));
  expect(firsts.size).toBe(2);
  expect(ordinals(40).map((ordinal) => armAt(campaign([1, 1], 2), ordinal))).not.toEqual(one);
});

test('a campaign without arms, as all recorded before there were any, has none', () => {
  expect(ordinals(5).map((ordinal) => armAt(campaign([]), ordinal))).toEqual([null, null, null, null, null]);
});

test('an arm changes what it names and leaves the rest as the campaign has it', () => {
  const settings = campaignSettingsSchema.parse({
    minds: { judge: 'llm' },
    models: { common: { model: 'a', retries: 2 }, judge: { temperature: 0 } },
    policy: 'paper',
    arms: [
      {
        name: 'thinking',
        minds: { researcher: 'llm' },
        models: { common: { model: 'b' }, judge: { temperature: 1 } },
        learnFromInsights: 'no',
      },
      { name: 'control', minds: { judge: 'offline' }, policy: 'random' },
    ],
  });
  const [thinking, control] = settings.arms.map(({ name }) => settingsOfArm(settings, name));
  expect(thinking).toMatchObject({
    minds: { researcher: 'llm', judge: 'llm', analyst: 'offline' },
    models: { common: { model: 'b', retries: 2 }, judge: { temperature: 1 } },
    policy: 'paper',
    learnFromInsights: 'no',
  });
  expect(control).toMatchObject({
    minds: { researcher: 'offline', judge: 'offline' },
    models: { common: { model: 'a' }, judge: { temperature: 0 } },
    policy: 'random',
    learnFromInsights: 'yes',
  });
});
