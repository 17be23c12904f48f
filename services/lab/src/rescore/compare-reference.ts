import type { Reference } from '@asi/contracts';
import { type ComparedScore, comparedScore } from './compared-score.ts';

/**
 * The reference that a campaign's record holds, by which the leaderboard ranks baselines and says what is noise, beside the
 * one that the director announced when it was made.
 */
export function compareReference(stored: Reference | null, announced: Reference): ComparedScore[] {
  const [held, said] = [leavesOf('reference', stored), leavesOf('reference', announced)];
  return [...new Set([...held.keys(), ...said.keys()])].map((name) =>
    comparedScore(name, held.get(name) ?? null, said.get(name) ?? null),
  );
}

function leavesOf(name: string, value: unknown): Map<string, number | string> {
  if (typeof value === 'number' || typeof value === 'string') return new Map([[name, value]]);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(`${name}.${key}`, inner)]));
}
