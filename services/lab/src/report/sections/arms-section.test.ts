import type { ArmComparison } from '@asi/reading';
import { expect, test } from 'vitest';
import { armsSection } from './arms-section.ts';

const best = { id: 'c001-0003', name: 'gated', merit: 0.534, noise: 0.243 };
const markupWith = (expected: number | null, deviation: number | null): string => {
  const arm = {
    name: 'control',
    minds: { researcher: 'offline', engineer: 'offline', analyst: 'offline', judge: 'offline' },
    failures: [],
    curve: [],
    best: { ...best, expected, deviation },
  };
  const arms = { campaignId: 'c001', control: 'control', arms: [arm] } as unknown as ArmComparison;
  return armsSection({ arms })?.markup ?? '';
};

test('what is expected of the best of few candidates is said to be not known, and not its own merit', () => {
  expect(markupWith(0.31, 0.15)).toContain('0.310 ± 0.150');
  expect(markupWith(null, null)).toMatch(/0\.534 ± 0\.243<\/td><td[^>]*>not known</);
});
