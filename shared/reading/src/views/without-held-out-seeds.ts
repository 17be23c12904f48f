import { hashText } from '@asi/contracts';

const keys = ['evaluationSeed', 'drawnEvaluationSeed'];

/**
 * A copy of plain data in which every seed of held-out data is its hash (as at the end of a yardstick), also in texts that
 * are JSON, as a dead letter's original is. Whoever has such a seed can make the sequences that a program is scored on.
 */
export function withoutHeldOutSeeds(value: unknown): unknown {
  if (typeof value === 'string')
    return keys.some((key) => value.includes(`${key}"`)) ? withoutSeedsInText(value) : value;
  if (Array.isArray(value)) return value.map(withoutHeldOutSeeds);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      keys.includes(key) && typeof inner === 'string' ? shownSeed(inner) : withoutHeldOutSeeds(inner),
    ]),
  );
}

const shownSeed = (seed: string): string => `sha256:${hashText(seed).slice(0, 12)}`;

function withoutSeedsInText(text: string): string {
  try {
    return JSON.stringify(withoutHeldOutSeeds(JSON.parse(text)));
  } catch {
    return 'not shown: it names a seed of held-out data';
  }
}
