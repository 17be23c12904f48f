type Figures = { readonly [name: string]: unknown };

/** Of two reports of one usage the larger figure each, through all levels: streams count upwards, and some end with zeros. */
export function mostFigures<Report extends object>(one: Report | null | undefined, other: Report): Report {
  return merged(one ?? {}, other) as Report;
}

function merged(one: unknown, other: unknown): unknown {
  if (typeof one === 'number' && typeof other === 'number') return Math.max(one, other);
  if (!isObject(one) || !isObject(other)) return other ?? one;
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, merged(one[name], other[name])]));
}

const isObject = (value: unknown): value is Figures => typeof value === 'object' && value !== null;
