import { campaignSettingsSchema } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences, settingsFrom } from './campaign-options.ts';

test('without options nothing is said of settings, so that an unfinished campaign is continued', () => {
  expect(settingsFrom({})).toBeNull();
});

test('an option changes its setting and no other', () => {
  const defaults = campaignSettingsSchema.parse({});
  expect(differences(defaults, settingsFrom({ candidates: '4' }))).toEqual(['budget.candidates is 12, not 4']);
  expect(differences(defaults, settingsFrom({ minutes: '1.5', seed: '-3' }))).toEqual([
    'seed is 1, not -3',
    'budget.minutes is null, not 1.5',
  ]);
});

test.each([
  [{ candidates: '0' }, '--candidates 0: expected a whole number >= 1'],
  [{ candidates: '2.5' }, '--candidates 2.5: expected a whole number >= 1'],
  [{ candidates: '1e3' }, '--candidates 1e3: expected a whole number >= 1'],
  [{ minutes: '0' }, '--minutes 0: expected a number > 0'],
  [{ minutes: '' }, '--minutes : expected a number > 0'],
  [{ seed: 'x' }, '--seed x: expected a whole number'],
])('the wrong option %j is a wrong usage with what is expected', (options, message) => {
  expect(() => settingsFrom(options)).toThrow(message);
});

test('settings differ from themselves in nothing, whatever the order of their keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(differences(value, reversed)).toEqual([]);
    }),
  );
});

test('more candidates than may be sampled are refused, also where one number is the campaign’s: it would end without them', () => {
  const present = campaignSettingsSchema.parse({ budget: { candidates: 4, maximalAttempts: 5 } });
  expect(() => settingsFrom({ candidates: '9' }, present)).toThrow(
    /^--candidates 9: budget\.maximalAttempts: 5 sampled at most can never be the 9 completed candidates/,
  );
  expect(settingsFrom({ candidates: '5' }, present)?.budget).toMatchObject({ candidates: 5, maximalAttempts: 5 });
});
