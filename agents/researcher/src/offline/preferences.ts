import { type ComponentEffect, seededRandom } from '@asi/contracts';
import type { Preferences } from '../grammar/preferences.ts';

export type AssignedEffect = Pick<ComponentEffect, 'component' | 'effect' | 'low' | 'high'>;

/**
 * The estimated effects of components, each with the ends of its interval. `shuffled` is the control of the feedback: the same
 * effects, assigned to the wrong components, so that a difference in outcome can only come from what was learnt.
 */
export function assignedEffects(
  known: readonly ComponentEffect[],
  learn: 'yes' | 'no' | 'shuffled',
  seed: string,
): AssignedEffect[] {
  if (learn === 'no') return [];
  const labels = known.map((one) => one.component);
  const effects = known.map(({ effect, low, high }) => ({ effect, low, high }));
  if (learn === 'shuffled') {
    const random = seededRandom(seed, 'shuffle');
    for (let i = effects.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [effects[i], effects[j]] = [effects[j] ?? none, effects[i] ?? none];
    }
  }
  return labels.map((component, i) => ({ component, ...(effects[i] ?? none) }));
}

const none = { effect: 0, low: 0, high: 0 };

/** The same as preferences of the grammar. */
export const preferencesFrom = (...from: Parameters<typeof assignedEffects>): Preferences =>
  Object.fromEntries(assignedEffects(...from).map(({ component, effect }) => [component, effect]));
