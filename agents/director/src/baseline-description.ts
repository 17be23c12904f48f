import { baselineComponents } from '@asi/contracts';

/** A baseline in the labels of the grammar, so that it counts in the estimation of effects; empty for what the grammar cannot say. */
export const componentsOfBaseline = (name: string | null): string[] =>
  name === null ? [] : [...((baselineComponents as Record<string, readonly string[]>)[name] ?? [])];
