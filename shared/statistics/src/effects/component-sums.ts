import { type FitnessScale, fitnessOf } from '../fitness.ts';
import type { MeritInput } from '../placed-at.ts';

/** One measured design: the labels of its components and its merit. */
export type Observation = { readonly components: readonly string[]; readonly merit: number };

export type MeasuredDesign = {
  readonly components: readonly string[];
  readonly measured: MeritInput | null;
  /** On a scale of its own: all that is known of what an earlier version measured. */
  readonly merit?: number | null;
};

/**
 * What may be learnt from, on one scale: merits of several campaigns do not compare as those placed them. Reference models outside
 * the grammar have no components and say nothing about any.
 */
export const observationsOf = (designs: readonly MeasuredDesign[], scale: FitnessScale): Observation[] =>
  designs.flatMap(({ components, measured, merit: own = null }) => {
    const merit = measured ? fitnessOf(measured, scale, null).merit : own;
    return merit === null || components.length === 0 ? [] : [{ components, merit }];
  });

/**
 * Sums from which effects are estimated: all that a regression needs of the observations, whatever their number.
 * The design matrix X has a column of ones (index 0) and one indicator column per label, in the order of first sight.
 *
 * S1: the sums depend on the observations and their order alone. Extending a copy gives bit for bit what adding
 *     everything anew gives, so an analysis after a restart equals the one before.
 */
export type ComponentSums = {
  /** Labels of the columns 1..p. */
  readonly labels: readonly string[];
  /** Observations with the label of column j; `counts[0]` is the number of all. */
  count(column: number): number;
  /** (X'X)[i][j]: observations that have both. */
  gram(i: number, j: number): number;
  /** (X'y)[j], y being merit less {@link meritOrigin}. */
  moment(column: number): number;
  /** y'y */
  squares(): number;
  add(observation: Observation): void;
  copy(): ComponentSums;
};

/** Merits are measured from here: the merit of DeltaNet, which is 1/2 by the definition of fitness. */
export const meritOrigin = 0.5;

/** Of X'X only what is not zero: with the words of a language model nearly all of it is. */
type Sums = { labels: string[]; gram: Map<number, number>[]; moments: number[]; squares: number };

export const createComponentSums = (): ComponentSums =>
  over({ labels: [], gram: [new Map()], moments: [0], squares: 0 });

function over(sums: Sums): ComponentSums {
  const columns = new Map(sums.labels.map((label, index) => [label, index + 1]));

  const columnOf = (label: string): number => {
    const known = columns.get(label);
    if (known !== undefined) return known;
    const column = sums.moments.length;
    columns.set(label, column);
    sums.labels.push(label);
    sums.moments.push(0);
    sums.gram.push(new Map());
    return column;
  };

  const gram = (i: number, j: number): number => sums.gram[i]?.get(j) ?? 0;

  return {
    labels: sums.labels,
    count: (column) => gram(column, column),
    gram,
    moment: (column) => sums.moments[column] ?? 0,
    squares: () => sums.squares,
    add: ({ components, merit }) => {
      const value = merit - meritOrigin;
      const present = [0, ...new Set(components.map(columnOf))];
      for (const i of present) {
        const row = sums.gram[i];
        if (row) for (const j of present) row.set(j, (row.get(j) ?? 0) + 1);
        sums.moments[i] = (sums.moments[i] ?? 0) + value;
      }
      sums.squares += value * value;
    },
    copy: () =>
      over({
        labels: [...sums.labels],
        gram: sums.gram.map((row) => new Map(row)),
        moments: [...sums.moments],
        squares: sums.squares,
      }),
  };
}
