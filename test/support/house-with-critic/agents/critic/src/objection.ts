import type { GateAsked } from '@asi/contracts';

/** What has been tried often enough, with the reason that a person will read. */
const notWorthATraining = new Map([
  ['write=hebbian', 'the plain Hebbian write lost to the delta rule in every campaign'],
]);

/** Why this experiment shall not go on; null when nothing is to be said against it. */
export function objectionTo({ stage, design, fitness }: GateAsked): string | null {
  if (stage === 'assessed')
    return fitness?.suspicious ? 'the loss is too good to be believed before a person has looked' : null;
  const component = design.components.find((one) => notWorthATraining.has(one));
  return component ? `${component}: ${notWorthATraining.get(component)}` : null;
}
