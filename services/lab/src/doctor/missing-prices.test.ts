import { spendingSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { missingPrices } from './missing-prices.ts';

test('a model named as a property of every object has no price: its campaign would start under a cap that cannot be kept', () => {
  const spending = spendingSchema.parse({ campaign: { dollars: 1 }, prices: { m: { input: 1, output: 2 } } });
  expect(missingPrices(spending, [{ role: 'judge', model: 'm' }])).toBeNull();
  expect(missingPrices(spending, [{ role: 'judge', model: 'constructor' }])).toEqual({
    caps: ['spending.campaign.dollars'],
    models: ['constructor'],
  });
});
