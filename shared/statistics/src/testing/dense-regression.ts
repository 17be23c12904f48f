import type { ComponentEffect } from '@asi/contracts';
import type { Observation } from '../effects/component-sums.ts';
import { effectDeviation, interceptDeviation } from '../effects/posterior.ts';

/**
 * The estimation of effects once more, slowly and from its definition: the whole design matrix, residuals one by one,
 * Gauss-Jordan elimination. Shares no code with what it checks.
 */
export function denseEffects(observations: readonly Observation[], seedNoise: number): ComponentEffect[] {
  const labels = [...new Set(observations.flatMap((one) => one.components))];
  const x = observations.map((one) => [1, ...labels.map((label) => (one.components.includes(label) ? 1 : 0))]);
  const y = observations.map((one) => one.merit - 0.5);
  const size = labels.length + 1;
  const prior = Array.from({ length: size }, (_, j) => (j === 0 ? interceptDeviation : effectDeviation) ** -2);

  const solve = (variance: number) => {
    const precision = prior.map((own, i) =>
      prior.map(
        (_, j) => x.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0) / variance + (i === j ? own : 0),
      ),
    );
    const covariance = gaussJordan(precision);
    const moments = prior.map((_, i) => x.reduce((sum, row, n) => sum + (row[i] ?? 0) * (y[n] ?? 0), 0) / variance);
    return { covariance, mean: covariance.map((row) => dot(row, moments)) };
  };

  let variance = Math.max(seedNoise, 1e-3) ** 2;
  const floor = variance;
  let { covariance, mean } = solve(variance);
  for (let round = 0; round < 3; round++) {
    const residuals = x.map((row, n) => (y[n] ?? 0) - dot(row, mean));
    // The hat matrix X V X' / s^2; its trace is the effective number of parameters.
    const trace = x.reduce(
      (sum, row) =>
        sum +
        dot(
          row,
          covariance.map((other) => dot(other, row)),
        ) /
          variance,
      0,
    );
    variance = Math.max(floor, dot(residuals, residuals) / Math.max(1, y.length - trace));
    ({ covariance, mean } = solve(variance));
  }

  const slot = (label: string) => label.split('=')[0];
  const count = (label: string) => observations.filter((one) => one.components.includes(label)).length;
  return labels
    .filter((label) => labels.filter((other) => slot(other) === slot(label)).length > 1)
    .map((component) => {
      const rivals = labels.filter((other) => slot(other) === slot(component));
      const total = rivals.reduce((sum, other) => sum + count(other), 0);
      const weights = [
        0,
        ...labels.map((label) => (rivals.includes(label) ? (label === component ? 1 : 0) - count(label) / total : 0)),
      ];
      const effect = dot(weights, mean);
      const half =
        1.95996 *
        Math.sqrt(
          dot(
            weights,
            covariance.map((row) => dot(row, weights)),
          ),
        );
      return { component, effect, low: effect - half, high: effect + half, experiments: count(component) };
    })
    .sort((a, b) => (a.component < b.component ? -1 : 1));
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function gaussJordan(matrix: readonly number[][]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column; i < size; i++) {
      if (Math.abs(rows[i]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    const scale = rows[column]?.[column] ?? 1;
    rows[column] = (rows[column] ?? []).map((value) => value / scale);
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i]?.[column] ?? 0;
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (rows[column]?.[j] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}
