import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisAnswer, founded } from '../testing/llm-house.ts';
import { checkAnswer, type Grounds } from './check-answer.ts';
import type { MeasuredEffect } from './measured-effects.ts';

const effect = (difference: number, reach: number, subjects: MeasuredEffect['subjects'] = null): MeasuredEffect => ({
  id: founded.evidence,
  about: 'made up',
  measure: 'merit',
  other: 'c001-0001',
  difference,
  low: difference - reach,
  high: difference + reach,
  subjects,
});
const grounds = (one: MeasuredEffect): Grounds => ({
  effects: [one],
  components: ['write=delta-2', 'decay=none'],
  own: [0.31],
  others: ['delta-net', 'c001-0001', 'slow-state'],
  shown: [{ kind: 'paper', id: '2411.12537' }],
  predictionHeld: 'held',
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

describe('a text about another task than its evidence', () => {
  const ground: Grounds = {
    ...grounds(effect(0.3, 0.2)),
    effects: [
      { ...effect(0.3, 0.2), measure: 'language-model' },
      { ...effect(0.01, 0.2), id: 'parity-vs-c001-0001', measure: 'parity' },
    ],
  };
  const claim = { ...founded, size: 0.3 };

  it('founds no claim: a gain in one task would be the warrant of what nobody measured in another', () => {
    const statement = 'Parity is solved by the gate.';
    const { founded: standing, problems } = checkAnswer(
      analysisAnswer({ claims: [{ ...claim, statement }], explanations: [], insights: [] }),
      ground,
    );
    expect(standing).toEqual([]);
    expect(problems[0]).toContain('it names parity, and what it rests on is about language-model alone');
  });

  it('rests on nothing: as an insight it would reach later designers with that interval behind it', () => {
    const text = 'Gate every write: parity is solved by it.';
    const insights = [{ text, restsOn: [founded.id], confidence: 0.95 }];
    const { standing, demoted } = checkAnswer(analysisAnswer({ claims: [claim], insights }), ground);
    expect(standing.claims).toHaveLength(1);
    expect(standing.insights).toEqual([{ text, restsOn: [], confidence: 0.95 }]);
    expect(demoted).toEqual([expect.stringContaining('insight "Gate every write')]);
  });

  it('rests on nothing also where another claim of the answer is about that task: the interval of that one is not behind it', () => {
    const ofParity = { ...effect(0.3, 0.2), id: 'parity-vs-c001-0001', measure: 'parity' };
    const claims = [claim, { ...claim, id: 'c2', evidence: ofParity.id, statement: 'The gate solves parity.' }];
    const text = 'Gate every write: parity is solved by it.';
    const insights = [claim.id, 'c2'].map((id) => ({ text, restsOn: [id], confidence: 0.95 }));
    const measured = { ...ground, effects: [ground.effects[0] as MeasuredEffect, ofParity] };
    const { standing, demoted } = checkAnswer(analysisAnswer({ claims, insights }), measured);
    expect(standing.claims).toHaveLength(2);
    expect(standing.insights.map(({ restsOn }) => restsOn)).toEqual([[], ['c2']]);
    expect(demoted).toEqual([expect.stringContaining('it names parity')]);
  });

  it('is not one where it names none, or the task of its evidence', () => {
    for (const statement of ['Without the gate it is worse.', 'The gate makes the language model better.']) {
      const answer = analysisAnswer({ claims: [{ ...claim, statement }], explanations: [], insights: [] });
      expect(checkAnswer(answer, ground).founded).toHaveLength(1);
    }
  });
});

const predicting = (right: string, wrong: string, restsOn: string[] = []) =>
  analysisAnswer({ prediction: { right: { text: right, restsOn }, wrong: { text: wrong, restsOn } } });

it('nothing rests on an id that two claims have: what is founded would carry what is not', () => {
  const measured = effect(0.2, 0.1);
  const other = { ...founded, direction: 'worse' as const };
  const insights = [{ text: 'Gate every write where the state must flip.', restsOn: [founded.id], confidence: 0.9 }];
  const alone = checkAnswer(analysisAnswer({ claims: [founded], insights }), grounds(measured));
  expect(alone.standing.insights).toHaveLength(1);
  const twice = checkAnswer(analysisAnswer({ claims: [founded, other], insights }), grounds(measured));
  expect([twice.founded, twice.standing.insights]).toEqual([[], []]);
  expect(twice.problems[0]).toContain('2 claims have this id');
});

it('nothing is right of a prediction that did not hold: later designers would read it as shown', () => {
  const right = 'The design is better than its parent, as predicted';
  for (const predictionHeld of ['undecided', 'failed', null] as const) {
    const ground = { ...grounds(effect(0.01, 0.1)), predictionHeld };
    const { standing, problems } = checkAnswer({ ...predicting(right, ''), claims: [] }, ground);
    expect(standing.prediction.right.text).toBe('');
    expect(problems[0]).toMatch(/^prediction, right: (by code the prediction is|nothing was predicted)/);
  }
  const ground = grounds(effect(0.2, 0.1));
  expect(checkAnswer(predicting(right, ''), ground).standing.prediction.right.text).toBe(right);
  expect(checkAnswer(predicting('', 'all of it'), { ...ground, predictionHeld: null }).problems).toHaveLength(1);
});

it('what is said of a prediction falls with the claims that it rests on, and states no size', () => {
  const ground = grounds(effect(0.2, 0.1));
  expect(checkAnswer(predicting('The mechanism.', '', ['c9']), ground).problems[0]).toContain('rests only on c9');
  const sized = checkAnswer(predicting('', 'It is worse by 0.05.'), ground);
  expect(sized.problems[0]).toContain('it states a size');
  expect(sized.standing.prediction.wrong.text).toBe('');
});

it('an invented effect becomes no insight and no explanation: later designers would build on it', () => {
  const text = 'Gate every write: the gate doubled accuracy on parity and the loss sank by 0.1, far beyond the noise';
  const from = 'Parity rose from 0.46 to 0.90 because of the gate; with the gate recall is 0.31, without it 0.06.';
  const answer = analysisAnswer({
    claims: [],
    insights: [{ text, restsOn: [], confidence: 0.9 }],
    explanations: [{ text: from, restsOn: [] }],
  });
  const { standing, problems } = checkAnswer(answer, grounds(effect(0.2, 0.1)));
  expect([standing.insights, standing.explanations]).toEqual([[], []]);
  expect(problems.filter((one) => one.includes('it states a size'))).toHaveLength(2);
});
