import { expect, test } from 'vitest';
import { materialOf, type SampleOptions, sampleCall, sampleCampaign } from '../testing/index.ts';
import { armsOf } from './arms.ts';

const thinking = { name: 'thinking', minds: { researcher: 'llm' as const } };
const sample = sampleCampaign({ candidates: 40, wanted: 40, state: 'finished', arms: [thinking, { name: 'control' }] });
const nothing = { trainings: new Map(), certificates: new Map() };
const compared = (
  change: Partial<ReturnType<typeof sampleCampaign>> = {},
  calls = [] as ReturnType<typeof sampleCall>[],
) => {
  const comparison = armsOf(materialOf({ ...sample, ...change }), nothing, calls);
  const [first, control] = comparison?.arms ?? [];
  if (!comparison || !first || !control) throw new Error('the sample has two arms');
  return { comparison, thinking: first, control };
};
const own = (name: string) => sample.experiments.filter(({ arm }) => arm === name);
const withMerit = (change: (arm: string, merit: number) => number) => ({
  experiments: sample.experiments.map((one) =>
    one.fitness && one.arm ? { ...one, fitness: { ...one.fitness, merit: change(one.arm, one.fitness.merit) } } : one,
  ),
});

test('each arm is told by its own candidates alone: what was sampled, measured and failed, and why', () => {
  const { comparison, ...arms } = compared();
  expect(comparison.control).toBe('control');
  for (const [name, arm] of Object.entries(arms)) {
    const measured = own(name).filter(({ outcome }) => outcome === 'completed');
    expect(arm).toMatchObject({ candidates: own(name).length, settled: own(name).length, measured: measured.length });
    expect(arm.failures.reduce((sum, { count }) => sum + count, 0)).toBe(own(name).length - measured.length);
    expect(arm.failedShare).toBeCloseTo(1 - measured.length / own(name).length);
    const merits = measured.map(({ fitness }) => fitness?.merit ?? 0);
    expect(arm.best?.merit).toBe(Math.max(...merits));
    expect(arm.best?.expected).toBeLessThan(arm.best?.merit ?? 0);
    expect(arm.mean?.value).toBeCloseTo(merits.reduce((sum, one) => sum + one, 0) / merits.length);
    expect(arm.curve.at(-1)).toMatchObject({ place: own(name).length, best: arm.best?.merit });
  }
});

test('fewer than four candidates are no population: the best is not passed off as expected, with luck and all', () => {
  const firstMeasured = (count: number) => {
    const ids = own('thinking').filter(({ outcome }) => outcome === 'completed');
    const kept = new Set(ids.slice(0, count));
    return compared({ experiments: sample.experiments.filter((one) => one.arm !== 'thinking' || kept.has(one)) });
  };
  const { best } = firstMeasured(3).thinking;
  expect(best?.noise).toBeGreaterThan(0);
  expect(best).toMatchObject({ expected: null, deviation: null });
  const known = firstMeasured(4).thinking.best;
  expect(known?.expected).toBeLessThan(known?.merit ?? 0);
});

test('while the noise is not known, the best is not told as certain', () => {
  const { thinking: arm } = compared({ campaign: { ...sample.campaign, reference: null } });
  expect(arm.best).toMatchObject({ noise: null, expected: null, deviation: null });
});

test('a lift is told below zero as it is above, against the control, which has none', () => {
  const raised = compared(withMerit((arm, merit) => 0.3 * merit + (arm === 'thinking' ? 0.5 : 0.2)));
  expect(raised.thinking.meanLift).toMatchObject({ verdict: 'better' });
  expect(raised.thinking.bestLift).toMatchObject({ verdict: 'better', candidates: 20 });
  const lowered = compared(withMerit((arm, merit) => 0.3 * merit + (arm === 'thinking' ? 0.2 : 0.5)));
  expect(lowered.thinking.meanLift).toMatchObject({ verdict: 'worse' });
  expect(lowered.thinking.bestLift).toMatchObject({ verdict: 'worse' });
  expect(raised.control).toMatchObject({ meanLift: null, bestLift: null });
});

test('the opinion of a judge does not move the comparison', () => {
  const flattered = sample.experiments.map((one) =>
    one.arm === 'thinking' && one.fitness ? { ...one, fitness: { ...one.fitness, judge: 1, total: 1 } } : one,
  );
  expect(compared({ experiments: flattered })).toEqual(compared());
});

test('with few candidates nothing is known, and what a person cancelled is held against no arm', () => {
  const few = compared({ experiments: sample.experiments.filter(({ ordinal }) => (ordinal ?? 0) <= 14) });
  expect(few.thinking).toMatchObject({ mean: null, meanLift: null, bestLift: null });
  const victim = own('thinking').find(({ outcome }) => outcome === 'completed');
  const cancelled = sample.experiments.map((one) => (one === victim ? { ...one, outcome: 'cancelled' as const } : one));
  const { thinking: arm } = compared({ experiments: cancelled });
  expect(arm).toMatchObject({ candidates: 20, settled: 19 });
  expect(arm.failures).toEqual(compared().thinking.failures);
});

test('what models cost is told of the arm whose candidates they were asked for', () => {
  const [asked] = own('thinking');
  const calls = [sampleCall(asked?._id ?? null, 'one'), sampleCall(null, 'for no experiment')];
  const { thinking: arm, control } = compared({}, calls);
  expect(arm).toMatchObject({ tokens: 1200, dollars: 0.002 });
  expect(control).toMatchObject({ tokens: 0, dollars: 0 });
});

test('the control is the arm of that name, else the first without a model, and a campaign without arms has no comparison', () => {
  const controlOf = (arms?: SampleOptions['arms']) =>
    armsOf(materialOf(sampleCampaign({ candidates: 2, ...(arms ? { arms } : {}) })), nothing, [])?.control ?? null;
  expect(controlOf([{ name: 'b' }, { name: 'control', minds: { researcher: 'llm' } }])).toBe('control');
  expect(controlOf([thinking, { name: 'grammar' }, { name: 'a' }])).toBe('grammar');
  expect(controlOf([{ ...thinking, name: 'large' }, thinking])).toBe('large');
  expect(controlOf()).toBeNull();
});
