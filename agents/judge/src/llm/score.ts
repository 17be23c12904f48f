import { prose } from '@asi/llm/prose';
import { z } from 'zod';
import { type Asked, type AskedCriterion, askedCriteria } from './rubric.ts';

const scored = z.object({
  reason: prose({ least: 20, most: 2000 }),
  score: z.number().int().min(1).max(10),
});

/** What a model answers when it is asked to score a design. */
export const scoreSchema = z.object({ innovation: scored, complexity: scored, convergence: scored });
export type Score = z.infer<typeof scoreSchema>;

export const pointsOf = (score: Score): Asked => byCriterion((name) => score[name].score);

/** The middle of each criterion over the repeats; between the two middle ones where their number is even. */
export const mediansOf = (repeats: readonly Asked[]): Asked =>
  byCriterion((name) => median(repeats.map((one) => one[name])));

export const spreadOf = (values: readonly number[]): number =>
  Math.round(1000 * (Math.max(...values) - Math.min(...values))) / 1000;

export const byCriterion = <Value>(of: (name: AskedCriterion) => Value): Record<AskedCriterion, Value> =>
  Object.fromEntries(askedCriteria.map((name) => [name, of(name)])) as Record<AskedCriterion, Value>;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
