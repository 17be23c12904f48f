import { type Fitness, type Measurement, type Reference, studentQuantile95 } from '@asi/contracts';

const figure = (value: number): string => value.toFixed(3);
const times = (value: number, reference: number | undefined): string =>
  reference === undefined || reference <= 0 ? '' : ` (${(value / reference).toFixed(2)} times DeltaNet's)`;

const flopsText = (flops: number, reference: number | undefined): string =>
  flops === 0 ? 'FLOPs per token not measured' : `${flops} FLOPs per token${times(flops, reference)}`;

/** A state of constant size is not told either where its gates hide it at some widths, or the time for it ran out. */
const stateText = (size: number | null): string =>
  size === null
    ? 'size of the state not told: it grows with the length, or it could not be measured'
    : `state of ${size} elements`;

/** What was measured of a design, each number beside its noise and beside the baselines, as lines of a prompt. */
export function resultLines(measurement: Measurement, fitness: Fitness, reference: Reference): string[] {
  const { baseline, noise, models } = reference;
  const anchor = models.find(({ name }) => name === baseline.name);
  const reach = studentQuantile95(noise.degreesOfFreedom) * Math.SQRT2 * noise.merit;
  return [
    `merit ${figure(fitness.merit)}: the measured quality in [0, 1], the mean of a half for the language model (${figure(fitness.loss)}) and one for the battery (${figure(fitness.benchmark)}); ${baseline.name} is at ${figure(anchor?.merit ?? 0.5)}`,
    `noise of merit: one run deviates by ${figure(noise.merit)} between seeds, an estimate with ${noise.degreesOfFreedom} degrees of freedom; two runs that differ by less than ${figure(reach)} cannot be told apart`,
    `language-model loss, held out: ${figure(measurement.languageModelLoss)} nats per byte, smaller is better; ${baseline.name} ${figure(baseline.languageModelLoss)}, seed noise ${figure(noise.languageModelLoss)}`,
    `battery, mean accuracy over the synthetic tasks, held out: ${figure(measurement.battery)}; ${baseline.name} ${figure(baseline.battery)}, seed noise ${figure(noise.battery)}`,
    ...measurement.tasks.map((one) => {
      const others = models.flatMap(({ name, tasks }) => {
        const value = tasks[one.task];
        return value === undefined ? [] : [`${name} ${figure(value)}`];
      });
      const seedNoise = noise.tasks[one.task];
      return (
        `task ${one.task}: ${one.metric} ${figure(one.value)} held out (item noise ${figure(one.standardError)}` +
        `${seedNoise === undefined ? '' : `, seed noise ${figure(seedNoise)}`}); ${others.join(', ')}. ` +
        `After ${one.steps} steps its loss is ${figure(one.loss)} held out, and ${figure(one.claimedFinalTrainLoss)} in training as its own process claims`
      );
    }),
    `cost: ${measurement.parameters.mixer} mixer parameters${times(measurement.parameters.mixer, anchor?.parameters)}, ${Math.round(measurement.trainTokensPerSecond)} tokens per second in training, ${Math.round(measurement.peakMemoryBytes / 1e6)} MB at most`,
    `cost as its own process claims it: ${flopsText(measurement.flopsPerToken, anchor?.flopsPerToken)}, ${stateText(measurement.stateSize)}`,
    ...(measurement.suspectLeak ? [`suspected leak: ${measurement.suspectLeak}`] : []),
    ...(fitness.suspicious
      ? ['the loss is so far below the baseline that a leak must be ruled out before this counts']
      : []),
  ];
}
