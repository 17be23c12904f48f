import type { Fitness, Judgement, Measurement } from '@asi/contracts';

/** Where a difference to the baseline counts as nothing, and over which half-width it is clipped. */
export type FitnessScale = {
  readonly baseline: { readonly languageModelLoss: number; readonly battery: number };
  readonly band: { readonly loss: number; readonly battery: number };
};

const steepness = 6;
const bandsThatAreTooGood = 3;

/** 1 / (1 + exp(-6 r)), r = the difference in bands, clipped to [-1, 1]. A number that is not finite scores as the worst. */
export function boundedGain(difference: number, band: number): number {
  const ratio = Number.isFinite(difference) ? Math.max(-1, Math.min(1, difference / band)) : -1;
  return 1 / (1 + Math.exp(-steepness * ratio));
}

export const judgeScore = (total: number): number => (total - 1) / 9;

/**
 * Fitness of one measured program: equation 2 of ASI-Arch (arXiv 2507.18074) with the sigmoid of its published code,
 * divided by 3 so that it lies in [0, 1]. Pure: recomputable from the stored measurement, scale and judgement.
 */
export function fitnessOf(
  measured: Pick<Measurement, 'languageModelLoss' | 'battery'>,
  scale: FitnessScale,
  judgement: Pick<Judgement, 'total'> | null,
  objective: 'composite' | 'merit' = 'composite',
): Fitness {
  const gain = scale.baseline.languageModelLoss - measured.languageModelLoss;
  const loss = boundedGain(gain, scale.band.loss);
  const benchmark = boundedGain(measured.battery - scale.baseline.battery, scale.band.battery);
  const merit = (loss + benchmark) / 2;
  const judge = judgement ? judgeScore(judgement.total) : null;
  const composite = judge === null ? null : (loss + benchmark + judge) / 3;
  return {
    loss,
    benchmark,
    judge,
    merit,
    total: objective === 'merit' ? merit : composite,
    suspicious: gain > bandsThatAreTooGood * scale.band.loss,
  };
}
