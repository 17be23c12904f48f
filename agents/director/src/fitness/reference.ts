import type { ExperimentRecord, Measurement, Reference } from '@asi/contracts';
import { fitnessOf, type MeritInput, placedAt } from '@asi/statistics';

export type BaselineRun = { readonly name: string; readonly measurement: Measurement };

const anchor = 'delta-net';
const bandInNoise = 4;
const smallestBand = 1e-3;

/**
 * Baseline, band and noise of a campaign, from its reference runs. The band is as wide as the largest distance of a
 * reference model from DeltaNet, but never narrower than four standard deviations of the noise, so that neither
 * saturation nor noise decides. Null when the runs do not suffice: no DeltaNet, or no model with two seeds.
 */
export function referenceFrom(runs: readonly BaselineRun[], yardstick: string): Reference | null {
  const byModel = new Map<string, Measurement[]>();
  for (const run of runs) byModel.set(run.name, [...(byModel.get(run.name) ?? []), run.measurement]);
  const anchors = byModel.get(anchor);
  if (!anchors || ![...byModel.values()].some((list) => list.length > 1)) return null;

  const baseline = {
    name: anchor,
    languageModelLoss: mean(anchors.map(lossOf)),
    battery: mean(anchors.map(batteryOf)),
  };
  const groups = [...byModel.values()];
  const lossNoise = pooledDeviation(groups.map((list) => list.map(lossOf)));
  const batteryNoise = pooledDeviation(groups.map((list) => list.map(batteryOf)));
  const spread = (pick: (one: Measurement) => number, center: number) =>
    Math.max(...groups.map((list) => Math.abs(mean(list.map(pick)) - center)));
  const band = {
    loss: Math.max(spread(lossOf, baseline.languageModelLoss), bandInNoise * lossNoise, smallestBand),
    battery: Math.max(spread(batteryOf, baseline.battery), bandInNoise * batteryNoise, smallestBand),
  };
  const meritOf = (one: MeritInput) => fitnessOf(one, { baseline, band }, null).merit;
  const tasks = anchors[0]?.tasks.map((task) => task.task) ?? [];
  const taskValue = (task: string) => (one: Measurement) =>
    one.tasks.find((each) => each.task === task)?.value ?? Number.NaN;

  return {
    yardstick,
    baseline,
    band,
    models: [...byModel.entries()].map(([name, list]) => ({
      name,
      seeds: list.length,
      languageModelLoss: mean(list.map(lossOf)),
      battery: mean(list.map(batteryOf)),
      merit: mean(list.map(meritOf)),
      parameters: list[0]?.parameters.mixer ?? 0,
      flopsPerToken: list[0]?.flopsPerToken ?? 0,
      tasks: Object.fromEntries(tasks.map((task) => [task, mean(list.map(taskValue(task)))])),
    })),
    noise: {
      languageModelLoss: lossNoise,
      battery: batteryNoise,
      merit: pooledDeviation(groups.map((list) => placedAt(baseline, list).map(meritOf))),
      tasks: Object.fromEntries(
        tasks.map((task) => [task, pooledDeviation(groups.map((list) => list.map(taskValue(task))))]),
      ),
      degreesOfFreedom: groups.reduce((sum, list) => sum + list.length - 1, 0),
      method: `pooled standard deviation between seeds (initialisation and data order) of ${runs.length} runs of ${groups.length} reference ${groups.length === 1 ? 'model' : 'models'}; that of merit for a program as good as DeltaNet`,
    },
  };
}

export const baselineRunsOf = (
  records: ReadonlyArray<Pick<ExperimentRecord, 'baseline' | 'measurement'>>,
): BaselineRun[] =>
  records.flatMap((one) =>
    one.baseline && one.measurement ? [{ name: one.baseline, measurement: one.measurement }] : [],
  );

/** sqrt( sum of squared deviations within groups / (runs - groups) ): the usual pooled estimate. */
export function pooledDeviation(groups: ReadonlyArray<readonly number[]>): number {
  let squares = 0;
  let freedom = 0;
  for (const group of groups) {
    const center = mean(group);
    for (const value of group) squares += (value - center) ** 2;
    freedom += Math.max(0, group.length - 1);
  }
  return freedom === 0 ? 0 : Math.sqrt(squares / freedom);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const lossOf = (one: Measurement): number => one.languageModelLoss;
const batteryOf = (one: Measurement): number => one.battery;
