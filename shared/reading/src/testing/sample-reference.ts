import type { Fitness, Measurement, Reference } from '@asi/contracts';

type Run = { readonly name: string; readonly measurement: Measurement };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const gain = (difference: number, band: number) =>
  1 / (1 + Math.exp(-6 * Math.max(-1, Math.min(1, difference / band))));

/** Fitness in the director's form, so that the sample's numbers fit together. */
export function scoreOf(
  measurement: Measurement,
  reference: Pick<Reference, 'baseline' | 'band'>,
  judge: number,
): Fitness {
  const loss = gain(reference.baseline.languageModelLoss - measurement.languageModelLoss, reference.band.loss);
  const benchmark = gain(measurement.battery - reference.baseline.battery, reference.band.battery);
  const judged = (judge - 1) / 9;
  return {
    loss,
    benchmark,
    judge: judged,
    merit: (loss + benchmark) / 2,
    total: (loss + benchmark + judged) / 3,
    suspicious: false,
  };
}

/** A reference with deviations that are really those of the sample's baseline runs. */
export function sampleReference(runs: readonly Run[], yardstick: string): Reference {
  const names = [...new Set(runs.map((run) => run.name))];
  const groups = names.map((name) => runs.filter((run) => run.name === name).map((run) => run.measurement));
  const degreesOfFreedom = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const deviation = (pick: (one: Measurement) => number) => {
    const squares = groups.flatMap((group) => {
      const center = mean(group.map(pick));
      return group.map((one) => (pick(one) - center) ** 2);
    });
    return Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / degreesOfFreedom);
  };
  const anchors = groups[names.indexOf('delta-net')] ?? [];
  const baseline = {
    name: 'delta-net',
    languageModelLoss: mean(anchors.map((one) => one.languageModelLoss)),
    battery: mean(anchors.map((one) => one.battery)),
  };
  const band = { loss: 0.13, battery: 0.25 };
  const merit = (one: Measurement) => scoreOf(one, { baseline, band }, 5).merit;
  const tasks = anchors[0]?.tasks.map((task) => task.task) ?? [];
  const taskValue = (task: string) => (one: Measurement) => one.tasks.find((each) => each.task === task)?.value ?? 0;
  return {
    yardstick,
    baseline,
    band,
    models: groups.map((group, index) => ({
      name: names[index] ?? '',
      seeds: group.length,
      languageModelLoss: mean(group.map((one) => one.languageModelLoss)),
      battery: mean(group.map((one) => one.battery)),
      merit: mean(group.map(merit)),
      parameters: group[0]?.parameters.mixer ?? 0,
      flopsPerToken: group[0]?.flopsPerToken ?? 0,
      tasks: Object.fromEntries(tasks.map((task) => [task, mean(group.map(taskValue(task)))])),
    })),
    noise: {
      languageModelLoss: deviation((one) => one.languageModelLoss),
      battery: deviation((one) => one.battery),
      merit: deviation(merit),
      tasks: Object.fromEntries(tasks.map((task) => [task, deviation(taskValue(task))])),
      degreesOfFreedom,
      method: `pooled standard deviation between seeds (initialisation, data order, held-out data) of ${runs.length} runs of ${groups.length} reference models`,
    },
  };
}
