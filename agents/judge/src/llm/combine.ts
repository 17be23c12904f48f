import type { Judgement } from '@asi/contracts';
import type { JudgeData } from '../mind.ts';
import { performanceReason } from '../offline/judge.ts';
import { performanceOf } from '../offline/performance.ts';
import { type Asked, type AskedCriterion, askedCriteria, type Criteria, totalOf, weights } from './rubric.ts';
import { mediansOf, pointsOf, type Score, spreadOf } from './score.ts';

/** One asking: the answer with the calls that led to it. */
export type Scored = { readonly repeat: number; readonly score: Score; readonly calls: readonly string[] };

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

/** The judgement from the askings, of which there is at least one. Pure: all arithmetic is here, and none of it the model's. */
export function combine(
  data: JudgeData,
  answered: readonly Scored[],
  remarks: readonly string[],
  author: string,
): Judgement {
  const scored = [...answered].sort((a, b) => a.repeat - b.repeat);
  const { fitness, reference } = data;
  const measured = performanceOf(fitness.merit, reference);
  const performance = oneDecimal(measured.score);
  const repeats = scored.map(({ score }) => pointsOf(score));
  const medians = mediansOf(repeats);
  const criteria: Criteria = { performance, ...medians };
  const spread = {
    ...Object.fromEntries(askedCriteria.map((name) => [name, spreadOf(repeats.map((one) => one[name]))])),
    total: spreadOf(repeats.map((one) => totalOf({ performance, ...one }))),
  };
  const reason = [
    performanceReason(measured, performance, fitness.merit, reference),
    ...askedCriteria.map((name) => reasonOf(name, medians, scored)),
    ...(fitness.suspicious ? ['The loss is suspiciously low: a second look is owed before this counts.'] : []),
  ].join(' ');
  return {
    criteria,
    weights,
    total: totalOf(criteria),
    reason,
    author,
    repeats: [...repeats],
    spread,
    calls: scored.flatMap(({ calls }) => calls),
    remarks: [...remarks],
  };
}

/** The reason of the asking that lies nearest to the median, the first of several. */
function reasonOf(name: AskedCriterion, medians: Asked, scored: readonly Scored[]): string {
  const distance = ({ score }: Scored): number => Math.abs(score[name].score - medians[name]);
  const nearest = [...scored].sort((a, b) => distance(a) - distance(b) || a.repeat - b.repeat)[0];
  const all = scored.map(({ score }) => score[name].score).join(', ');
  return `${name[0]?.toUpperCase()}${name.slice(1)} ${medians[name]} (scored ${all}): ${nearest?.score[name].reason.trim()}`;
}
