import { baselineComponents, type Judgement, type Reference } from '@asi/contracts';
import type { JudgeData } from '../mind.ts';
import { type Complexity, complexityOf } from './complexity.ts';
import { type Innovation, innovationOf } from './innovation.ts';
import { type Performance, performanceOf } from './performance.ts';
import { type Criteria, totalOf, weights } from './rubric.ts';

const author = 'judge/offline';
const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

/**
 * The judgement of one measured design, or of a baseline, by the rubric. Pure: recomputable from the command. Scores are
 * rounded before they are weighed, so that the total can be checked from the record with a pocket calculator.
 */
export function judge(data: JudgeData): Judgement {
  const { design, measurement, fitness, reference, parent, relatives, baseline } = data;
  const components = design?.components ?? (baseline ? baselineComponents[baseline] : undefined) ?? null;
  const performance = performanceOf(fitness.merit, reference);
  const complexity = complexityOf(measurement, components, reference);
  const innovation = design ? innovationOf(design.components, parent ? [parent, ...relatives] : relatives) : null;
  const criteria: Criteria = {
    performance: oneDecimal(performance.score),
    innovation: oneDecimal(innovation?.score ?? 1),
    complexity: oneDecimal(complexity.score),
  };
  const reason = [
    performanceReason(performance, criteria.performance, fitness.merit, reference),
    innovationReason(innovation, parent?.name ?? null, criteria.innovation),
    complexityReason(complexity, criteria.complexity),
    ...(fitness.suspicious ? ['The loss is suspiciously low: a second look is owed before this counts.'] : []),
  ].join(' ');
  return { criteria, weights, total: totalOf(criteria), reason, author };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function performanceReason(
  { best, distance, isChance }: Performance,
  score: number,
  merit: number,
  { baseline, noise }: Reference,
) {
  const byChance = isChance ? 'as much as there can be, although chance may give it' : 'more than chance gives it';
  const ten = best === null ? byChance : `that of ${best}`;
  const band = `the merit of ${baseline.name} is 5, and one that is ${distance.toFixed(3)} above it, ${ten}, is 10`;
  return `Performance ${score}: merit ${merit.toFixed(3)}, where ${band}; one run deviates by ${noise.merit.toFixed(3)}.`;
}

function innovationReason(innovation: Innovation | null, parent: string | null, score: number): string {
  if (innovation === null) return `Innovation ${score}: a published baseline, nothing in it is new here.`;
  const { fromFamily, nearestRelative, relatives, fromBaselines, nearestBaseline, rare } = innovation;
  const family =
    nearestRelative === parent
      ? 'its parent'
      : relatives > 0
        ? `the nearest of ${relatives} relatives`
        : 'for no relative is described';
  return (
    `Innovation ${score}: ${percent(fromFamily)} of its components differ from ${nearestRelative}, ${family}, ` +
    `${percent(fromBaselines)} from ${nearestBaseline}, the nearest baseline, and ${percent(rare)} are in none of them.`
  );
}

function complexityReason({ parameters, extraParts }: Complexity, score: number): string {
  const parts =
    extraParts === null
      ? 'its parts are not described'
      : extraParts === 0
        ? 'as many parts'
        : `${Math.abs(extraParts)} ${extraParts > 0 ? 'more' : 'fewer'} ${Math.abs(extraParts) === 1 ? 'part' : 'parts'}`;
  return `Complexity ${score}: ${parameters.toFixed(2)} times DeltaNet's mixer parameters, ${parts}.`;
}
