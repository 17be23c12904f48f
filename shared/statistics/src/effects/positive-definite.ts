/** A dense square matrix, row after row in one array: entry (i, j) is `entries[i * size + j]`. */
export type Matrix = { readonly size: number; readonly entries: Float64Array };

/**
 * Inverse of a symmetric positive definite matrix, by Cholesky: A = L L', A^-1 = L^-T L^-1. Throws RangeError on another matrix.
 *
 * Plain loops over one array, the innermost along rows: an analysis spends most of its time here, and the same sums
 * through functions over an array of rows took eight times as long (measured for 100 components).
 */
export function inverseOf(matrix: Matrix): Matrix {
  const { size } = matrix;
  const inverseLower = inverseOfLower(choleskyOf(matrix), size);
  const entries = new Float64Array(size * size);
  // Row k of L^-1 adds its products to every entry (i, j) with i, j <= k.
  for (let k = 0; k < size; k++) {
    for (let i = 0; i <= k; i++) {
      const left = inverseLower[k * size + i] as number;
      if (left === 0) continue;
      for (let j = 0; j <= i; j++) {
        entries[i * size + j] = (entries[i * size + j] as number) + left * (inverseLower[k * size + j] as number);
      }
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) entries[j * size + i] = entries[i * size + j] as number;
  return { size, entries };
}

/** Lower triangle L of A = L L'. Reads the lower triangle of A only. */
function choleskyOf({ size, entries }: Matrix): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = entries[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      if (i !== j) lower[i * size + j] = sum / (lower[j * size + j] as number);
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum);
      else throw new RangeError('the matrix is not positive definite');
    }
  }
  return lower;
}

function inverseOfLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const diagonal = lower[i * size + i] as number;
    for (let k = 0; k < i; k++) {
      const factor = (lower[i * size + k] as number) / diagonal;
      if (factor === 0) continue;
      for (let j = 0; j <= k; j++) {
        inverse[i * size + j] = (inverse[i * size + j] as number) - factor * (inverse[k * size + j] as number);
      }
    }
    inverse[i * size + i] = 1 / diagonal;
  }
  return inverse;
}
