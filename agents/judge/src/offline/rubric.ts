/** The criteria of a judgement, each on a scale of 1 to 10. */
export type Criteria = { readonly performance: number; readonly innovation: number; readonly complexity: number };

/**
 * The rubric. ASI-Arch's code weighs performance 30, innovation 25 and complexity 45 (in percent). Here performance weighs most:
 * a judge is a third of the fitness, and what measures badly should not get up by being unusual. Complexity weighs less:
 * certificate and grammar keep every design near DeltaNet's size, so little is left to tell apart. Convergence, a criterion of
 * the paper, has none of its own: training curves are claims of the candidate's process, and what converged shows in merit.
 * A model that judges scores it all the same, with a small weight: ../llm/rubric.ts.
 */
export const weights = { performance: 0.4, innovation: 0.35, complexity: 0.25 } as const satisfies Criteria;

export const scale = { lowest: 1, anchor: 5, highest: 10 } as const;

export const onScale = (score: number): number =>
  Number.isFinite(score) ? Math.max(scale.lowest, Math.min(scale.highest, score)) : scale.lowest;

/** Weighted mean of the criteria, by code and never by opinion; three decimals. */
export const totalOf = (criteria: Criteria): number =>
  Math.round(
    1000 *
      (weights.performance * criteria.performance +
        weights.innovation * criteria.innovation +
        weights.complexity * criteria.complexity),
  ) / 1000;
