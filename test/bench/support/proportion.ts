export type Proportion = { readonly value: number; readonly low: number; readonly high: number };

/** A proportion with Wilson's 95 % interval (Wilson, JASA 22, 1927). */
export function proportion(hits: number, of: number): Proportion {
  const z = 1.96;
  const value = hits / of;
  const center = (value + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  return { value, low: Math.max(0, center - half), high: center + half };
}

export const percent = ({ value, low, high }: Proportion, digits = 1): string =>
  `${(100 * value).toFixed(digits)} [${(100 * low).toFixed(digits)}, ${(100 * high).toFixed(digits)}]`;

/** A row of a table of Markdown. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
