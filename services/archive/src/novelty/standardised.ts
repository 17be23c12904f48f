/**
 * A fingerprint made ready for comparison: each segment with mean 0 and length 1, so that a correlation is a dot
 * product. In front of a segment stands one more number, 1 where it is constant: that makes two constants equal and
 * nothing else. All segments lie in one array, because thousands of them are walked through for each question.
 */
export type Standardised = {
  /** Lengths of the segments: only equal shapes are compared. */
  readonly shape: string;
  /** Where each segment ends in `values`. */
  readonly ends: readonly number[];
  readonly values: Float32Array;
};

export function standardised(segments: ReadonlyArray<ArrayLike<number>>): Standardised {
  const parts = segments.map(standardisedSegment);
  const values = new Float32Array(parts.reduce((sum, one) => sum + one.length, 0));
  const ends: number[] = [];
  let end = 0;
  for (const part of parts) {
    values.set(part, end);
    end += part.length;
    ends.push(end);
  }
  return { shape: parts.map((one) => one.length).join(), ends, values };
}

function standardisedSegment(segment: ArrayLike<number>): number[] {
  const values = Array.from(segment);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
  // Numbers that are not finite are like nothing, not even like themselves.
  if (!Number.isFinite(length)) return [0, ...values.map(() => 0)];
  if (length === 0) return [1, ...centred];
  return [0, ...centred.map((value) => value / length)];
}

/**
 * Smallest Pearson correlation over the segments, in [-1, 1]: how alike two programs behave where they are least alike.
 * 0 when the shapes differ or there is nothing to compare. Below `enough` the exact value does not matter and is not computed.
 */
export function likeness(a: Standardised, b: Standardised, enough = -1): number {
  if (a.ends.length === 0 || a.shape !== b.shape) return 0;
  let least = 1;
  let i = 0;
  for (const end of a.ends) {
    let product = 0;
    for (; i < end; i++) product += (a.values[i] ?? 0) * (b.values[i] ?? 0);
    if (product < least) least = product;
    if (least < enough) return least;
  }
  return least;
}
