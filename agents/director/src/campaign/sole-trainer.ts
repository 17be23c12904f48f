import { terminal } from '@asi/contracts';
import type { RunnersSeen } from '../runners.ts';

/** Why what these runners measure does not compare with one another; null when it does. */
export function mixedTrainers({ trainers }: Pick<RunnersSeen, 'trainers'>): string | null {
  if (trainers.length === 1) return null;
  const which = trainers.map(({ version, runner }) => `${version.slice(0, 12)} at ${runner}`).join(', ');
  return `the runners have different trainers (${which}): what one measures does not compare with what another does; give all of them one version`;
}

/**
 * The version of the trainer by which all these runners measure.
 * @throws terminal `mixed-trainers`
 */
export function soleTrainer(seen: Pick<RunnersSeen, 'trainers'>): string {
  const mixed = mixedTrainers(seen);
  if (mixed) throw terminal('mixed-trainers', mixed);
  return seen.trainers[0].version;
}
