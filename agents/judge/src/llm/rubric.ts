import { type Criteria as MeasuredCriteria, weights as measuredWeights } from '../offline/rubric.ts';

/** The criteria that a model scores. Performance is measured and not asked for. */
export const askedCriteria = ['innovation', 'complexity', 'convergence'] as const;
export type AskedCriterion = (typeof askedCriteria)[number];
export type Asked = Readonly<Record<AskedCriterion, number>>;
export type Criteria = MeasuredCriteria & { readonly convergence: number };

const convergenceWeight = 0.1;

/**
 * The rubric of the model: that of the offline judge, with convergence beside it. Convergence takes its weight from
 * performance, of which it is another side; both are 5 for DeltaNet, so the total of a DeltaNet stays what it is offline, and
 * totals of both minds are on one scale. The weight is small because training curves are claims of the candidate's process:
 * a curve that is made up moves the total by less than one point.
 */
export const weights = {
  ...measuredWeights,
  performance: Math.round(100 * (measuredWeights.performance - convergenceWeight)) / 100,
  convergence: convergenceWeight,
} as const satisfies Criteria;

const names = Object.keys(weights) as ReadonlyArray<keyof Criteria>;

/** Weighted mean of the criteria, by code and never by opinion; three decimals. */
export const totalOf = (criteria: Criteria): number =>
  Math.round(1000 * names.reduce((sum, name) => sum + weights[name] * criteria[name], 0)) / 1000;
