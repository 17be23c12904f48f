/** A dense square matrix by rows. */
export type Matrix = readonly Float64Array[];

export const matrixOf = (size: number, entry: (i: number, j: number) => number): Float64Array[] =>
  Array.from({ length: size }, (_, i) => Float64Array.from({ length: size }, (_unused, j) => entry(i, j)));

/** Inverse of a symmetric positive definite matrix, by Cholesky: A = L L', A^-1 = L^-T L^-1. Throws RangeError on another matrix. */
export function inverseOf(matrix: Matrix): Float64Array[] {
  const lower = choleskyOf(matrix);
  const size = lower.length;
  const inverseLower = matrixOf(size, () => 0);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= at(lower, i, k) * at(inverseLower, k, j);
      set(inverseLower, i, j, sum / at(lower, i, i));
    }
  }
  return matrixOf(size, (i, j) => {
    let sum = 0;
    for (let k = Math.max(i, j); k < size; k++) sum += at(inverseLower, k, i) * at(inverseLower, k, j);
    return sum;
  });
}

function choleskyOf(matrix: Matrix): Float64Array[] {
  const size = matrix.length;
  const lower = matrixOf(size, () => 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= at(lower, i, k) * at(lower, j, k);
      if (i !== j) set(lower, i, j, sum / at(lower, j, j));
      else if (sum > 0) set(lower, i, i, Math.sqrt(sum));
      else throw new RangeError('the matrix is not positive definite');
    }
  }
  return lower;
}

const at = (matrix: Matrix, i: number, j: number): number => matrix[i]?.[j] ?? 0;
const set = (matrix: Float64Array[], i: number, j: number, value: number): void => {
  const row = matrix[i];
  if (row) row[j] = value;
};
