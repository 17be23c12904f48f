/**
 * A fingerprint made ready for comparison: each segment with mean 0 and length 1, so that a correlation is a dot
 * product. In front stands one more number, 1 for a constant segment, which makes two constants equal and nothing else.
 */
export type Standardised = readonly Float64Array[];

export function standardised(fingerprint: ReadonlyArray<readonly number[]>): Standardised {
  return fingerprint.map((segment) => {
    const mean = segment.reduce((sum, value) => sum + value, 0) / segment.length;
    const centred = segment.map((value) => value - mean);
    const length = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0));
    // Numbers that are not finite are like nothing, not even like themselves.
    if (!Number.isFinite(length)) return new Float64Array(segment.length + 1);
    if (length === 0) return Float64Array.of(1, ...centred);
    return Float64Array.of(0, ...centred.map((value) => value / length));
  });
}

/**
 * Smallest Pearson correlation over the segments, in [-1, 1]: how alike two programs behave where they are least alike.
 * 0 when the shapes differ or there is nothing to compare. Below `enough` the exact value does not matter and is not computed.
 */
export function likeness(a: Standardised, b: Standardised, enough = -1): number {
  if (a.length !== b.length || a.length === 0) return 0;
  let least = 1;
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined || other.length !== one.length) return 0;
    let product = 0;
    for (let i = 0; i < one.length; i++) product += (one[i] ?? 0) * (other[i] ?? 0);
    least = Math.min(least, product);
    if (least < enough) return least;
  }
  return least;
}
