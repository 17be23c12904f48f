import { expect, test } from 'vitest';
import { contributionsSection } from './contributions-section.ts';

const effect = { effect: 0.01, low: -0.1, high: 0.12, experiments: 3, verdict: 'inside-noise' as const };
const sectionOf = (count: number, clear = 0) =>
  contributionsSection({
    contributions: {
      campaignId: 'c001',
      measured: 12,
      others: 9,
      effects: Array.from({ length: count }, (_, index) => ({
        ...effect,
        component: `decay=${index}`,
        verdict: index < clear ? 'better' : 'inside-noise',
      })),
    },
  }).markup;

test('of few intervals a fraction of one excludes zero by chance, and that is not made a whole one', () => {
  expect(sectionOf(6, 1)).toContain('Of 6 intervals 1 excludes zero; by chance alone 0.3 would be expected to.');
  expect(sectionOf(1)).toContain('Of 1 interval 0 exclude zero: nothing is established yet; by chance alone 0.1');
  expect(sectionOf(40, 3)).toContain('Of 40 intervals 3 exclude zero; by chance alone 2 would be expected to.');
});

test('says what the effects are estimated from', () => {
  expect(sectionOf(6)).toContain('12 measured candidates of this campaign and 9 measurements beside');
});
