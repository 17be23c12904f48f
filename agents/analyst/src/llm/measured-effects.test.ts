import { expect, test } from 'vitest';
import { comparisonsOf } from '../offline/comparisons.ts';
import { analyseData, history, measurement } from '../testing/analyse-command.ts';
import { chanceText, measuredEffects } from './measured-effects.ts';

function subjectsOf(components: string[], parentComponents: string[]) {
  const { design } = analyseData();
  const data = analyseData({
    design: { ...design, components },
    parent: history('c001-0001', 0.6, parentComponents),
  });
  const comparisons = comparisonsOf({ components, merit: 0.8 }, data);
  const effects = measuredEffects(data, comparisons, [], measurement(0.62, 2.05));
  return Object.fromEntries(effects.map(({ id, subjects }) => [id, subjects]));
}

test('what a baseline has too is no cause of the lead over it, in merit and in each task', () => {
  const subjects = subjectsOf(['write=delta', 'decay=none', 'memory=two-timescale'], []);
  expect(subjects['merit-vs-delta-net']).toEqual(['design', 'memory=two-timescale']);
  expect(subjects['merit-vs-gated-delta-net']).toEqual(['design', 'decay=none', 'memory=two-timescale']);
  // The best linear baseline in parity; softmax attention has no labels and is none.
  expect(subjects['parity-vs-delta-net']).toEqual(['design', 'memory=two-timescale']);
  expect(subjects['merit-vs-softmax-attention']).toBeNull();
});

test('where all labels are those of the parent the difference is put down to the design alone, and where none is known to any', () => {
  const labels = ['write=delta', 'decay=none'];
  const same = subjectsOf(labels, labels);
  expect([same['merit-vs-c001-0001'], same['parity-vs-c001-0001']]).toEqual([['design'], ['design']]);
  expect(subjectsOf(labels, [])['merit-vs-c001-0001']).toBeNull();
});

test('to be worse than the best of several baselines takes more than to be worse than a chosen one, for its luck is a part of the difference', () => {
  const data = analyseData();
  const effectOf = (names: readonly string[]) => {
    const models = data.reference.models.filter(({ name }) => names.includes(name));
    const effects = measuredEffects({ ...data, reference: { ...data.reference, models } }, [], [], null);
    return effects.find(({ id }) => id === 'parity-vs-delta-net');
  };
  const [alone, best] = [effectOf(['delta-net']), effectOf(['delta-net', 'gated-delta-net'])];
  expect(best?.difference).toBe(alone?.difference);
  expect(best?.low).toBe(alone?.low);
  expect(best?.high).toBeGreaterThan(alone?.high ?? Number.POSITIVE_INFINITY);
  expect([alone?.about, best?.about]).toEqual([
    'gain in parity over delta-net, the best of 1 linear baseline in the task',
    'gain in parity over delta-net, the best of 2 linear baselines in the task',
  ]);
});

test('of how many effects those beyond the noise are is said, for some always are by chance', () => {
  const effect = (low: number) => ({
    ...{ id: 'e', about: '', measure: 'merit', other: '' },
    ...{ difference: 0.1, low, high: 0.2, subjects: null },
  });
  const effects = [effect(0.05), ...Array.from({ length: 29 }, () => effect(-0.1))];
  expect(chanceText(effects)).toBe(
    'Of 30 measured effects 1 lies beyond the noise; were there no effect at all, about 1.5 would by chance.',
  );
});

test('only effects of what the design has are listed: of other ones it can claim nothing, and a long campaign has hundreds', () => {
  const data = analyseData();
  const [own = ''] = data.design.components;
  const effect = (component: string) => ({ component, effect: 0.2, low: 0.1, high: 0.3, experiments: 4 });
  const all = [effect(own), ...Array.from({ length: 300 }, (_, i) => effect(`part=other-${i}`))];
  const listed = measuredEffects(data, [], all, null).filter(({ id }) => id.startsWith('effect-of-'));
  expect(listed.map(({ id }) => id)).toEqual([`effect-of-${own}`]);
});
