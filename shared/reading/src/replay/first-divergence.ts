import { canonicalJson, encodeNonFinite } from '@asi/contracts';
import type { Decision } from './decisions.ts';

/** Where two runs of a campaign part. */
export type Divergence = {
  /** The decision, by its id. */
  readonly id: string;
  /** For example `measurement.languageModelLoss`; empty when only one of the two has the decision. */
  readonly field: string;
  /** As JSON; null when it is not there. */
  readonly recorded: string | null;
  readonly replayed: string | null;
};

/** The first decision, and in it the first field, that differs; null when all are equal. */
export function firstDivergence(recorded: readonly Decision[], replayed: readonly Decision[]): Divergence | null {
  const byId = new Map(replayed.map((one) => [one.id, one]));
  for (const one of recorded) {
    const found = divergenceIn(one, byId.get(one.id) ?? null);
    if (found) return found;
  }
  const known = new Set(recorded.map(({ id }) => id));
  const added = replayed.find(({ id }) => !known.has(id));
  return added ? { id: added.id, field: '', recorded: null, replayed: json(added.fields) } : null;
}

/** Where a decision differs from the one that takes its place in the other run. */
export function divergenceIn(recorded: Decision, replayed: Decision | null): Divergence | null {
  const { id } = recorded;
  if (replayed === null) return { id, field: '', recorded: json(recorded.fields), replayed: null };
  const found = difference(recorded.fields, replayed.fields, []);
  return found && { id, field: found.path.join('.'), recorded: json(found.a), replayed: json(found.b) };
}

type Difference = { readonly path: readonly string[]; readonly a: unknown; readonly b: unknown };

/** Goes into what both have, in the order of the first, so that the smallest part that differs is named. */
function difference(a: unknown, b: unknown, path: readonly string[]): Difference | null {
  if (!isNested(a) || !isNested(b) || Array.isArray(a) !== Array.isArray(b))
    return canonicalJson(a ?? null) === canonicalJson(b ?? null) ? null : { path, a, b };
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference(a[key], b[key], [...path, key]);
    if (found) return found;
  }
  return null;
}

const isNested = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value, encodeNonFinite));
