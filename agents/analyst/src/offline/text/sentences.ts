import {
  type Analysis,
  type ComponentEffect,
  type Design,
  type Measurement,
  predictionWords,
  type Reference,
} from '@asi/contracts';
import type { Weakness } from '@asi/statistics';
import { differenceReach, type MeritNoise } from '../comparisons.ts';
import { claimText, clearEffects } from './claims.ts';

const mostClaims = 4;
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;

export function resultSentence(name: string, merit: number, measurement: Measurement, reference: Reference): string {
  const { languageModelLoss, battery } = measurement;
  const { noise, baseline } = reference;
  return (
    `${name} reached merit ${merit.toFixed(3)}: language-model loss ${languageModelLoss.toFixed(3)} nats per byte ` +
    `(${baseline.name} ${baseline.languageModelLoss.toFixed(3)}), battery ${battery.toFixed(3)} ` +
    `(${baseline.name} ${baseline.battery.toFixed(3)}). Between seeds one run deviates by ${noise.merit.toFixed(3)}.`
  );
}

export function parentSentence(comparisons: Analysis['comparisons'], noise: MeritNoise): string {
  const parent = comparisons.find((one) => one.relation === 'parent');
  if (!parent) return 'Its parent was not measured, so nothing can be compared with it.';
  const reach = differenceReach(noise);
  const changed = parent.changedComponents.length > 0 ? ` after ${parent.changedComponents.join(', ')}` : '';
  const verdict = parent.beyondNoise
    ? `more than the ${reach.toFixed(3)} that chance explains between two runs`
    : `which chance explains: ${reachWords(reach, noise)}`;
  // A baseline stands on the leaderboard with the mean of its runs, and is a parent with one of them.
  return `Against its parent ${parent.name} (the run ${parent.experimentId}) merit changed by ${signed(parent.meritDifference)}${changed}, ${verdict}.`;
}

/** How far two runs of one program may lie apart. Merit ends at 0 and 1, an interval from few runs does not. */
const reachWords = (reach: number, { degreesOfFreedom }: MeritNoise): string =>
  reach < 1
    ? `two runs differ by up to ${reach.toFixed(3)}`
    : `with ${degreesOfFreedom} ${degreesOfFreedom === 1 ? 'degree' : 'degrees'} of freedom no difference of merit can be told from chance`;

export function relativesSentence(comparisons: Analysis['comparisons']): string {
  const told = (['grandparent', 'sibling', 'baseline'] as const).flatMap((relation) => {
    const group = comparisons.filter((one) => one.relation === relation);
    if (group.length === 0) return [];
    const better = group.filter((one) => one.beyondNoise && one.meritDifference > 0).length;
    const worse = group.filter((one) => one.beyondNoise && one.meritDifference < 0).length;
    const count = group.length === 1 ? `its ${relation}` : `its ${group.length} ${relation}s`;
    return [
      `of ${count} it is better than ${better}, worse than ${worse}, and level with ${group.length - better - worse}`,
    ];
  });
  return told.length === 0 ? '' : `Beyond the noise, ${told.join('; ')}.`;
}

export function predictionSentence(design: Design, held: Analysis['predictionHeld'], noise: MeritNoise): string {
  const { prediction } = design;
  if (!prediction || held === null) return '';
  const verdict = {
    held: 'and it held',
    failed: 'and it failed',
    undecided:
      prediction.direction === 'same'
        ? `which one run cannot show: ${reachWords(differenceReach(noise), noise)}`
        : 'and the noise leaves it undecided',
  }[held];
  return `The prediction was "${predictionWords(prediction)}" (${prediction.mechanism}), ${verdict}.`;
}

/** States only effects whose interval lies on one side of zero, and how many were looked at. */
export function effectsSentence(effects: readonly ComponentEffect[], observations: number): string {
  const clear = clearEffects(effects);
  const scope = `Over ${observations} measured designs and ${effects.length} components`;
  if (clear.length === 0) return `${scope}, no component's effect can be told from the noise yet.`;
  const list = (wanted: ComponentEffect[]) => wanted.slice(0, mostClaims).map(claimText).join('; ');
  const helpful = clear.filter((one) => one.effect > 0);
  const harmful = clear.filter((one) => one.effect < 0);
  const parts = [
    ...(helpful.length > 0 ? [`what raises merit against the average of its slot: ${list(helpful)}`] : []),
    ...(harmful.length > 0 ? [`what lowers it: ${list(harmful)}`] : []),
  ];
  return `${scope} (95 % intervals, each on its own), ${parts.join('. And ')}.`;
}

export function weaknessSentence(weakness: Weakness | null): string {
  if (!weakness) return '';
  const { task, value, best, beyondNoise } = weakness;
  const figures = `${value.toFixed(3)} against ${best.value.toFixed(3)} of ${best.name}`;
  return beyondNoise
    ? `Its weakest task is ${task}: ${figures}.`
    : `On no task does it lag behind the best linear baseline beyond the noise; closest to it is ${task} (${figures}).`;
}

export const suspicionSentence = (suspicious: boolean): string =>
  suspicious
    ? 'Its loss is so far below the baseline that a leak must be ruled out before anything is built on it.'
    : '';
