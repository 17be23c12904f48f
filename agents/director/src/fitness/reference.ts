import type { ExperimentRecord, Measurement, Reference } from '@asi/contracts';
import { fitnessOf, type MeritInput, meanOf, meritNoise, pooledNoise } from '@asi/statistics';

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
    languageModelLoss: meanOf(anchors.map(lossOf)),
    battery: meanOf(anchors.map(batteryOf)),
  };
  const groups = [...byModel.values()];
  const { deviation: lossNoise, degreesOfFreedom } = pooledNoise(groups.map((list) => list.map(lossOf)));
  const batteryNoise = pooledNoise(groups.map((list) => list.map(batteryOf))).deviation;
  const spread = (pick: (one: Measurement) => number, center: number) =>
    Math.max(...groups.map((list) => Math.abs(meanOf(list.map(pick)) - center)));
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
      languageModelLoss: meanOf(list.map(lossOf)),
      battery: meanOf(list.map(batteryOf)),
      merit: meanOf(list.map(meritOf)),
      parameters: list[0]?.parameters.mixer ?? 0,
      flopsPerToken: list[0]?.flopsPerToken ?? 0,
      tasks: Object.fromEntries(tasks.map((task) => [task, meanOf(list.map(taskValue(task)))])),
    })),
    noise: {
      languageModelLoss: lossNoise,
      battery: batteryNoise,
      merit: meritNoise(groups, { baseline, band }).deviation,
      tasks: Object.fromEntries(
        tasks.map((task) => [task, pooledNoise(groups.map((list) => list.map(taskValue(task)))).deviation]),
      ),
      degreesOfFreedom,
      method: `pooled standard deviation between seeds (initialisation, data order, held-out data) of ${runs.length} runs of ${groups.length} reference ${groups.length === 1 ? 'model' : 'models'}; that of merit for a program as good as DeltaNet`,
    },
  };
}

export type BaselineRecord = Pick<ExperimentRecord, 'baseline' | 'measurement'> &
  Partial<Pick<ExperimentRecord, 'outcome'>>;

/** What was measured of baselines, finished or not; whoever cancels a run wants nothing compared with it. */
export const baselineRunsOf = (records: readonly BaselineRecord[]): BaselineRun[] =>
  records.flatMap(({ baseline, measurement, outcome }) =>
    baseline && measurement && outcome !== 'cancelled' ? [{ name: baseline, measurement }] : [],
  );

const lossOf = (one: Measurement): number => one.languageModelLoss;
const batteryOf = (one: Measurement): number => one.battery;
