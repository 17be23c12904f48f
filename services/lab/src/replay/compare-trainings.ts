import { type Reference, studentQuantile95 } from '@asi/contracts';
import type { TrainedAgain } from '@asi/reading';
import type { JobOutcome, TrainResult } from '@asi/runner-client';

export type ComparedTraining = { readonly values: number; readonly differences: readonly TrainedAgain[] };

/** Two runs with the same noise differ by the root of two more than one from its mean. */
const pair = Math.SQRT2;

/** How a training that was done again ended, beside how it had ended: every measured value, to the last bit. */
export function compareTrainings(
  experimentId: string,
  recorded: JobOutcome,
  again: JobOutcome,
  noise: Reference['noise'] | null,
): ComparedTraining {
  const ends = [endOf(recorded), endOf(again)] as const;
  if (ends[0] !== ends[1] || recorded.status !== 'ok' || again.status !== 'ok') {
    const [before, after] = ends;
    const difference = { experimentId, name: 'outcome', recorded: before, again: after, withinNoise: null };
    return { values: 1, differences: before === after ? [] : [difference] };
  }
  if (recorded.kind !== 'train' || again.kind !== 'train') throw new Error('compared what was not trained');
  const after = new Map(valuesOf(again.result).map((one) => [one.name, one.value]));
  const values = valuesOf(recorded.result);
  const differences = values.flatMap(({ name, value, deviationOf }) => {
    const other = after.get(name) ?? null;
    if (Object.is(value, other)) return [];
    const deviation = noise && deviationOf(noise);
    const isCompared = typeof value === 'number' && typeof other === 'number' && typeof deviation === 'number';
    const limit = pair * (deviation ?? 0) * studentQuantile95(noise?.degreesOfFreedom ?? 0);
    const withinNoise = isCompared ? Math.abs(value - other) <= limit : null;
    return [{ experimentId, name, recorded: jsonNumber(value), again: jsonNumber(other), withinNoise }];
  });
  return { values: values.length, differences };
}

type Value = {
  readonly name: string;
  readonly value: number | string | null;
  /** Standard deviation between seeds; undefined where none is measured. */
  readonly deviationOf: (noise: Reference['noise']) => number | undefined;
};

const unmeasured = () => undefined;

function valuesOf(result: TrainResult): Value[] {
  return [
    { name: 'languageModelLoss', value: result.languageModelLoss, deviationOf: (noise) => noise.languageModelLoss },
    { name: 'battery', value: result.battery, deviationOf: (noise) => noise.battery },
    ...result.tasks.flatMap(({ task, value, loss, rawSha256 }): Value[] => [
      { name: `${task}.value`, value, deviationOf: (noise) => noise.tasks[task] },
      { name: `${task}.loss`, value: loss, deviationOf: unmeasured },
      { name: `${task}.rawSha256`, value: rawSha256, deviationOf: unmeasured },
    ]),
    { name: 'parameters.mixer', value: result.parameters.mixer, deviationOf: unmeasured },
    { name: 'parameters.total', value: result.parameters.total, deviationOf: unmeasured },
    { name: 'flopsPerToken', value: result.flopsPerToken, deviationOf: unmeasured },
    { name: 'suspectLeak', value: result.suspectLeak, deviationOf: unmeasured },
  ];
}

const jsonNumber = (value: number | string | null) =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

const endOf = (outcome: JobOutcome): string =>
  outcome.status === 'failed' ? `failed: ${outcome.reason}` : outcome.status;
