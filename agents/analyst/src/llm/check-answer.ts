import type { Analysis, Citation } from '@asi/contracts';
import type { AnalysisAnswer, StatedClaim } from './answer.ts';
import { foreignMeasure } from './foreign-measure.ts';
import { isInsideNoise, type MeasuredEffect, wholeDesign } from './measured-effects.ts';
import { sizeInWords } from './size-in-words.ts';

/** What an answer is held against. */
export type Grounds = {
  readonly effects: readonly MeasuredEffect[];
  /** Components of the design. */
  readonly components: readonly string[];
  /** What was measured of the design: the only results that a text may quote. */
  readonly own: readonly number[];
  /** Names and ids of other designs, and of the baselines: no figure stands beside them in a text. */
  readonly others: readonly string[];
  /** What was shown and may be cited. */
  readonly shown: ReadonlyArray<Pick<Citation, 'kind' | 'id'>>;
  /** What code decided of the prediction. */
  readonly predictionHeld: Analysis['predictionHeld'];
};

export type Founded = {
  readonly claim: StatedClaim;
  readonly effect: MeasuredEffect;
};

export type CheckedAnswer = {
  /** Claims that stand, each with what it rests on. */
  readonly founded: readonly Founded[];
  /** The answer without what does not stand. */
  readonly standing: AnalysisAnswer;
  /** What does not stand, and why: for the model to mend, and else for the record. */
  readonly problems: readonly string[];
  /** What stands only as a conjecture, and why: for the model to mend as well. */
  readonly demoted: readonly string[];
};

/**
 * Holds an answer against the measurements.
 *
 * K1: a claim that stands rests on one measured effect whose 95 % interval lies on the claimed side of zero and holds the
 *     claimed size.
 * K2: what rests only on struck claims is struck with them.
 * K3: what is cited was shown.
 * K4: no text states the size of an effect.
 * K5: nothing is said to be right of a prediction that did not hold, and nothing of one that was not made.
 * K6: what stands on claims names no task or measure that none of them is about; a text that does rests on nothing.
 */
export function checkAnswer(answer: AnalysisAnswer, grounds: Grounds): CheckedAnswer {
  const problems: string[] = [];
  const demoted: string[] = [];
  const measures = grounds.effects.map(({ measure }) => measure);
  const strays = (text: string, about: readonly string[]): string | null => {
    const name = foreignMeasure(text, about, measures);
    return name && `it names ${name}, and what it rests on is about ${about.join(', ')} alone`;
  };
  /** Whether it stands; notes the problem when it does not. */
  const stands = (what: string, problem: string | null): boolean => {
    if (problem !== null) problems.push(`${what}: ${problem}`);
    return problem === null;
  };

  const inTexts = (text: string) => sizeInWords(text, grounds.own, grounds.others);
  const founded = answer.claims.flatMap((claim): Founded[] => {
    const effect = grounds.effects.find(({ id }) => id === claim.evidence);
    const namesakes = answer.claims.filter(({ id }) => id === claim.id).length;
    const ambiguous = namesakes > 1 ? `${namesakes} claims have this id, so that nothing can rest on it` : null;
    const problem =
      ambiguous ??
      problemOfClaim(claim, effect, grounds) ??
      inTexts(claim.statement) ??
      (effect ? strays(claim.statement, [effect.measure]) : null);
    return stands(`claim ${claim.id} (${claim.evidence}, "${claim.statement}")`, problem) && effect
      ? [{ claim, effect }]
      : [];
  });
  const measureOf = new Map(founded.map(({ claim, effect }) => [claim.id, effect.measure]));
  const resting = <Item extends { readonly text: string; readonly restsOn: string[] }>(kind: string, items: Item[]) =>
    items.flatMap((item) => {
      const restsOn = item.restsOn.filter((id) => measureOf.has(id));
      const fallen =
        item.restsOn.length > 0 && restsOn.length === 0
          ? `it rests only on ${item.restsOn.join(', ')}, which ${item.restsOn.length === 1 ? 'does' : 'do'} not stand`
          : null;
      if (!stands(`${kind} "${item.text}"`, fallen ?? inTexts(item.text))) return [];
      const about = new Set(restsOn.flatMap((id) => measureOf.get(id) ?? []));
      const strayed = about.size > 0 ? strays(item.text, [...about]) : null;
      if (strayed !== null) demoted.push(`${kind} "${item.text}": ${strayed}`);
      return [{ ...item, restsOn: strayed === null ? restsOn : [] }];
    });
  const remarked = (kind: string, remark: Remark, verdict: string | null): Remark => {
    if (remark.text.trim() === '') return nothing;
    if (verdict !== null) return stands(kind, verdict) ? remark : nothing;
    return resting(kind, [remark])[0] ?? nothing;
  };
  const { right, wrong } = answer.prediction;
  const none = grounds.predictionHeld === null ? 'nothing was predicted' : null;
  const notHeld =
    grounds.predictionHeld === 'held' ? null : `by code the prediction is ${grounds.predictionHeld}, and not held`;
  const standing: AnalysisAnswer = {
    claims: founded.map(({ claim }) => claim),
    prediction: {
      right: remarked('prediction, right', right, none ?? notHeld),
      wrong: remarked('prediction, wrong', wrong, none),
    },
    explanations: resting('explanation', answer.explanations),
    insights: resting('insight', answer.insights),
    citations: answer.citations.filter(({ kind, id }) =>
      stands(
        `citation of ${kind} ${id}`,
        grounds.shown.some((one) => one.kind === kind && one.id === id) ? null : 'it was not shown',
      ),
    ),
  };
  return { founded, standing, problems, demoted };
}

type Remark = AnalysisAnswer['prediction']['right'];
const nothing: Remark = { text: '', restsOn: [] };

const rounding = 0.0005;
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;

export const intervalText = ({ difference, low, high }: Pick<MeasuredEffect, 'difference' | 'low' | 'high'>): string =>
  `${signed(difference)} [${signed(low)}, ${signed(high)}]`;

function problemOfClaim(
  { subject, direction, size, evidence }: StatedClaim,
  effect: MeasuredEffect | undefined,
  { components }: Grounds,
): string | null {
  if (!effect) return `there is no measured effect "${evidence}"`;
  if (subject !== wholeDesign && !components.includes(subject))
    return `its subject "${subject}" is neither "${wholeDesign}" nor a component of the design`;
  if (effect.subjects !== null && !effect.subjects.includes(subject))
    return `${evidence} says nothing about ${subject}: it can be put down to ${effect.subjects.join(', ')}`;
  if (isInsideNoise(effect)) return `${intervalText(effect)} holds zero, so the effect is smaller than the noise`;
  if ((direction === 'better') !== effect.difference > 0)
    return `measured is ${intervalText(effect)}, not ${direction}`;
  const [least, most] = [Math.abs(effect.low), Math.abs(effect.high)].sort((a, b) => a - b) as [number, number];
  if (size < least - rounding || size > most + rounding)
    return `its size ${size} is not within ${intervalText(effect)}`;
  return null;
}
