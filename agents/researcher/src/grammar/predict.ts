import { type Prediction, sameMerit } from '@asi/contracts';
import { type Difference, differences } from './differences.ts';
import type { Genome } from './genome.ts';
import type { Preferences } from './preferences.ts';
import { slotOf } from './slots/slots.ts';

/** Confidence of a guess among three directions. */
const chance = 1 / 3;

export type PredictionParent = { readonly genome: Genome; readonly merit: number | null };

const label = (slot: string, option: string | null): string | null => (option === null ? null : `${slot}=${option}`);

/** The estimated effect of one change: the new option's minus the old one's; null if neither is known. */
export function estimatedEffect({ slot, from, to }: Difference, preferences: Preferences): number | null {
  const [before, after] = [from, to].map((option) => preferences[label(slot, option) ?? '']);
  return before === undefined && after === undefined ? null : (after ?? 0) - (before ?? 0);
}

function mechanismOf(changes: readonly Difference[], preferences: Preferences): string {
  const size = (change: Difference): number => Math.abs(estimatedEffect(change, preferences) ?? 0);
  const told = changes
    .filter(({ to }) => to !== null)
    .sort((a, b) => size(b) - size(a))
    .slice(0, 3)
    .flatMap(({ slot, to }) => {
      const option = slotOf(slot).options.find((candidate) => candidate.label === to);
      return option === undefined ? [] : [`${option.phrase}: ${option.mechanism}`];
    });
  return told.length > 0 ? told.join('; ') : 'only parts were taken away: the parent may not have needed them';
}

/**
 * What is expected of a child, said before it is measured: the sum of the estimated effects of all its changes, on
 * merit, compared with the parent. Effects are taken as additive and the sum is cut where merit ends (0 and 1).
 * Without estimates it predicts no difference, with the confidence of a guess.
 */
export function predict(child: Genome, parent: PredictionParent, preferences: Preferences = {}): Prediction {
  const changes = differences(parent.genome, child);
  const known = changes.map((change) => estimatedEffect(change, preferences)).filter((effect) => effect !== null);
  const sum = known.reduce((total, effect) => total + effect, 0);
  const merit = parent.merit ?? 0.5;
  const bounded = Math.max(-merit, Math.min(1 - merit, sum));
  const size = Math.round(Math.abs(bounded) * 10_000) / 10_000;
  const direction = size < sameMerit ? 'same' : bounded > 0 ? 'better' : 'worse';
  // The more of the change is known, and the clearer its sign, the surer; never sure, for effects interact.
  const share = changes.length === 0 ? 1 : known.length / changes.length;
  const clarity = direction === 'same' ? (changes.length === 0 ? 1 : 0.3) : 1 - Math.exp(-size / (5 * sameMerit));
  const confidence = Math.round((chance + 0.5 * share * clarity) * 100) / 100;
  return { direction, metric: 'merit', size, mechanism: mechanismOf(changes, preferences), confidence };
}
