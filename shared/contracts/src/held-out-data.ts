import { z } from 'zod';
import { hashJson, hashText } from './canonical-json.ts';
import { terminal } from './errors.ts';

/**
 * What has held-out data of its own: each replicate seed, and each confirmation, or only the laboratory as a whole, as in
 * campaigns begun before there was a choice.
 */
export const heldOutPerSchema = z.enum(['laboratory', 'replicate']);
export type HeldOutPer = z.infer<typeof heldOutPerSchema>;

type WithEvaluationSeed = {
  readonly settings: { readonly evaluationSeed: string | null };
  readonly drawnEvaluationSeed: string | null;
};

/**
 * What the seeds of a campaign's held-out data derive from: what its settings name, or what the laboratory drew. A secret of
 * the laboratory: whoever knows it can make the held-out sequences, for the generators are no secret.
 */
export function evaluationSeedOf({ settings, drawnEvaluationSeed }: WithEvaluationSeed): string {
  const seed = settings.evaluationSeed ?? drawnEvaluationSeed;
  if (seed === null) throw terminal('bug', 'a campaign without a seed of its held-out data');
  return seed;
}

/**
 * The seed of the held-out data of one training.
 *
 * H1: what is compared in pairs meets the same data: programs with one replicate seed, within one confirmation or outside all.
 * H2: a confirmation meets data by which nobody was chosen, and a replicate data of which no other tells anything.
 *
 * @param replicate the seed of initialisation and data order
 * @param confirmation its place among those of the laboratory; null outside all
 */
export const heldOutSeedOf = (
  campaign: WithEvaluationSeed & { readonly heldOutPer: HeldOutPer },
  replicate: number,
  confirmation: number | null,
): string => {
  const secret = evaluationSeedOf(campaign);
  return campaign.heldOutPer === 'laboratory' ? secret : hashJson({ secret, replicate, confirmation });
};

/** What scores must share to compare: suite, trainer and the secret of the held-out data, which is in it as a hash only. */
export const yardstickOf = (suite: string, trainerVersion: string, evaluationSeed: string): string =>
  [suite, trainerVersion, hashText(evaluationSeed).slice(0, 12)].join('/');

/** The trainer version that a yardstick names. */
export const trainerOf = (yardstick: string): string => yardstick.split('/').slice(1, -1).join('/');
