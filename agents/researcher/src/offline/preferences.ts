import { type Insight, seededRandom } from '@asi/contracts';
import type { Preferences } from '../grammar/preferences.ts';

/**
 * The estimated effects of an insight as preferences of the grammar. `shuffled` is the control of the feedback: the same
 * effects, assigned to the wrong components, so that a difference in outcome can only come from what was learnt.
 */
export function preferencesFrom(insight: Insight | null, learn: 'yes' | 'no' | 'shuffled', seed: string): Preferences {
  if (!insight || learn === 'no') return {};
  const labels = insight.effects.map((one) => one.component);
  const effects = insight.effects.map((one) => one.effect);
  if (learn === 'shuffled') {
    const random = seededRandom(seed, 'shuffle');
    for (let i = effects.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [effects[i], effects[j]] = [effects[j] ?? 0, effects[i] ?? 0];
    }
  }
  return Object.fromEntries(labels.map((label, i) => [label, effects[i] ?? 0]));
}
