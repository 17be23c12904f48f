import { hashText } from './canonical-json.ts';
import { terminal } from './errors.ts';

type WithEvaluationSeed = {
  readonly settings: { readonly evaluationSeed: string | null };
  readonly drawnEvaluationSeed: string | null;
};

/**
 * The seed of a campaign's held-out data: what its settings name, or what the laboratory drew. A secret of the laboratory:
 * whoever knows it can make the held-out sequences, for the generators are no secret.
 */
export function evaluationSeedOf({ settings, drawnEvaluationSeed }: WithEvaluationSeed): string {
  const seed = settings.evaluationSeed ?? drawnEvaluationSeed;
  if (seed === null) throw terminal('bug', 'a campaign without a seed of its held-out data');
  return seed;
}

/** What scores must share to compare: suite, trainer and held-out data, whose seed is not in it. */
export const yardstickOf = (suite: string, trainerVersion: string, evaluationSeed: string): string =>
  [suite, trainerVersion, hashText(evaluationSeed).slice(0, 12)].join('/');
