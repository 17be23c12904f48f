import { predictionWords, type Reference, studentQuantile95 } from '@asi/contracts';
import type { KnownDesign } from './material.ts';

const figure = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(3));

/** The results of a design in words and numbers, each beside the noise of one run. */
export function resultsText({ entry, tasks, prediction }: KnownDesign, reference: Reference | null): string {
  if (entry.merit === null) return 'Not measured yet when this design was commissioned.';
  const lines = [
    `merit ${figure(entry.merit)} (the measured quality in [0, 1]; DeltaNet is near 0.5), fitness ${figure(entry.fitness)}`,
    `language-model loss ${figure(entry.languageModelLoss)} nats per byte, battery ${figure(entry.battery)} (mean accuracy)`,
  ];
  if (reference) {
    const { baseline, noise } = reference;
    const reach = studentQuantile95(noise.degreesOfFreedom) * Math.SQRT2 * noise.merit;
    lines.push(
      `for comparison, ${baseline.name}: language-model loss ${figure(baseline.languageModelLoss)}, battery ${figure(baseline.battery)}`,
      `noise between seeds, standard deviation of one run: merit ${figure(noise.merit)}, language-model loss ${figure(noise.languageModelLoss)}, battery ${figure(noise.battery)}; ` +
        `two runs that differ in merit by less than ${figure(reach)} cannot be told apart`,
    );
  }
  for (const { task, value, best, deficit, beyondNoise } of tasks) {
    const lag = `${Math.abs(deficit) > 1000 ? 'very many' : Math.abs(deficit).toFixed(1)} standard deviations ${deficit > 0 ? 'worse' : 'better'}`;
    const noise = beyondNoise ? ', beyond the noise' : deficit > 0 ? ', which chance explains' : '';
    lines.push(
      `task ${task}: ${figure(value)}, best linear baseline ${best.name} ${figure(best.value)}; ${lag}${noise}`,
    );
  }
  if (prediction)
    lines.push(`it had been predicted to be ${predictionWords(prediction)}, because ${prediction.mechanism}`);
  return lines.join('\n');
}
