import { baselineComponents, experimentIdSchema } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeData, reference } from '../testing/judge-command.ts';
import { judge } from './judge.ts';
import { weights } from './rubric.ts';

const deltaNet = baselineComponents['delta-net'] ?? [];

test('the total is the weighted mean of the written criteria: nothing is added by opinion', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(18),
      fc.integer({ min: 9000, max: 40000 }),
      (merit, changes, parameters) => {
        const components = deltaNet.map((label, i) => (i < changes ? `${label}-new` : label));
        const { criteria, total } = judge(judgeData({ merit, components, parameters }));
        const sum = Object.entries(weights).reduce((all, [name, weight]) => all + weight * (criteria[name] ?? 0), 0);
        expect(total).toBeCloseTo(sum, 6);
        expect(total >= 1 && total <= 10).toBe(true);
      },
    ),
  );
});

test('weights add up to one', () => {
  expect(Object.values(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1);
});

test('a baseline is judged too, as nothing new', () => {
  const { criteria, reason } = judge(judgeData({ components: null }));
  expect(criteria).toEqual({ performance: 5, innovation: 1, complexity: 5 });
  expect(reason).toContain('a published baseline');
});

test('an unusual design that measures badly does not beat a plain one that measures well', () => {
  const unusual = judge(judgeData({ merit: 0.3, components: deltaNet.map((label) => `${label}-new`) }));
  const plain = judge(
    judgeData({ merit: 0.7, components: deltaNet.map((label, i) => (i < 3 ? `${label}-new` : label)) }),
  );
  expect(plain.total).toBeGreaterThan(unusual.total);
});

test('the reason gives the numbers it rests on', () => {
  const { reason } = judge(judgeData({ merit: 0.6, parameters: 20400, suspicious: true }));
  for (const part of ['merit 0.600', 'gated-delta-net', '0.200 above', '1.20 times', 'suspiciously low'])
    expect(reason).toContain(part);
});

test('the scale is a sentence, also where the noise and no baseline is what a ten lies above DeltaNet', () => {
  expect(judge(judgeData({ merit: 0.6 })).reason).toContain(
    'merit 0.600, where the merit of delta-net is 5, and one that is 0.200 above it, that of gated-delta-net, is 10; one',
  );
  const { reason } = judge(judgeData({ merit: 0.6, reference: reference({ 'gated-delta-net': 0.4 }) }));
  expect(reason).toMatch(
    /merit 0\.600, where the merit of delta-net is 5, and one that is 0\.0\d\d above it, more than chance gives it, is 10; one/,
  );
});

test('what chance may give is not said to be more than it gives, where the noise is known from a single degree of freedom', () => {
  const little = reference({ 'gated-delta-net': 0.4 });
  const noise = { ...little.noise, merit: 0.243, degreesOfFreedom: 1 };
  const { reason } = judge(judgeData({ merit: 0.6, reference: { ...little, noise } }));
  expect(reason).toContain('1.000 above it, as much as there can be, although chance may give it, is 10; one');
  expect(reason).not.toContain('more than chance');
});

test('relatives that the director names are weighed, not only the parent', () => {
  const components = deltaNet.map((label, i) => (i < 4 ? `${label}-new` : label));
  const relative = { experimentId: experimentIdSchema.parse('c001-0002'), name: 'an elder sibling', components };
  const first = judge(judgeData({ components }));
  const second = judge({ ...judgeData({ components }), relatives: [relative] });
  expect(second.criteria.innovation).toBeLessThan(first.criteria.innovation ?? 0);
  expect(second.reason).toContain('0 % of its components differ from an elder sibling, the nearest of 2 relatives');
});
