import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisAnswer, founded } from '../testing/llm-house.ts';
import { checkAnswer, type Grounds } from './check-answer.ts';
import type { MeasuredEffect } from './measured-effects.ts';

const effect = (difference: number, reach: number, subjects: MeasuredEffect['subjects'] = null): MeasuredEffect => ({
  id: founded.evidence,
  about: 'made up',
  difference,
  low: difference - reach,
  high: difference + reach,
  subjects,
});
const grounds = (one: MeasuredEffect): Grounds => ({
  effects: [one],
  components: ['write=delta-2', 'decay=none'],
  shown: [{ kind: 'paper', id: '2411.12537' }],
});
const claiming = (change: Partial<typeof founded>) => analysisAnswer({ claims: [{ ...founded, ...change }] });

describe('a claim', () => {
  it('never stands inside the noise, on the wrong side of zero or beyond the interval, whatever it says', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.constantFrom('better' as const, 'worse' as const),
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        (difference, reach, direction, size) => {
          const measured = effect(difference, reach);
          const { founded: standing } = checkAnswer(claiming({ direction, size }), grounds(measured));
          const sign = direction === 'better' ? 1 : -1;
          const claimed = sign * size;
          const isCarried =
            Math.sign(measured.low) === sign &&
            Math.sign(measured.high) === sign &&
            claimed >= measured.low - 0.001 &&
            claimed <= measured.high + 0.001;
          if (!isCarried) expect(standing).toEqual([]);
        },
      ),
    );
  });

  it('falls where both designs have the component, where nobody has it, and where nothing was measured', () => {
    const measured = effect(0.2, 0.1, ['design', 'write=delta-2']);
    const problemOf = (change: Partial<typeof founded>) => checkAnswer(claiming(change), grounds(measured)).problems[0];
    expect(problemOf({ subject: 'decay=none' })).toContain('says nothing about decay=none');
    expect(problemOf({ subject: 'router=sum' })).toContain('neither "design" nor a component');
    expect(problemOf({ evidence: 'merit-vs-nobody' })).toContain('no measured effect "merit-vs-nobody"');
    expect(problemOf({ subject: 'design' })).toBeUndefined();
  });
});

it('sizes in texts are found: they would escape the check', () => {
  const measured = grounds(effect(0.2, 0.1));
  const saying = (text: string) =>
    checkAnswer(analysisAnswer({ explanations: [{ text, restsOn: [] }] }), measured).problems.length;
  expect(['merit rises by +0.03', 'a loss (−.2) of merit', 'about ~+0.1'].map(saying)).toEqual([1, 1, 1]);
  expect(['beta in 0.5 to 2.0', 'from c001-0003', 'a two-state mixer', '1e-3'].map(saying)).toEqual([0, 0, 0, 0]);
});
