import { type ExperimentRecord, measuredNumberSchema } from '@asi/contracts';
import {
  fitnessOf,
  meritNoise,
  minimumDetectableEffect,
  type Noise,
  pairedNoise,
  placedAt,
  pooledNoise,
  possibleDeviation,
} from '@asi/statistics';
import { z } from 'zod';
import { fitnessNoise } from '../statistics/fitness-noise.ts';
import type { Material } from './material.ts';

const effect = measuredNumberSchema.describe('in the unit of the quantity; infinite where the noise is not known');

export const noiseQuantitySchema = z.object({
  name: z.string().describe('a task by its name, or battery, language-model-loss, merit, fitness'),
  what: z.enum(['accuracy', 'loss', 'score']).describe('loss: nats, smaller is better; the others in [0, 1]'),
  deviation: z
    .number()
    .describe(
      'of one run between seeds: pooled over the reference models; of merit, for a program as good as DeltaNet',
    ),
  degreesOfFreedom: z.number().int().describe('of this deviation: runs minus models'),
  paired: z
    .object({
      deviation: z.number().describe('of one run in a difference of two runs with the same seed'),
      degreesOfFreedom: z.number().int().describe('of this deviation'),
    })
    .nullable()
    .describe('smaller than `deviation` where the seed does the same to all models; null where it cannot be estimated'),
  oneAgainstOne: effect.describe('smallest true difference of two single runs found with 80 % power, two-sided 5 %'),
  pairs: z
    .array(z.object({ seeds: z.number().int().describe('of each of the two'), effect }))
    .describe('the same for means over several seeds'),
});
export type NoiseQuantity = z.infer<typeof noiseQuantitySchema>;

export const noiseViewSchema = z.object({
  campaignId: z.string().describe('the campaign whose reference runs it is measured from'),
  yardstick: z.string().describe('suite, trainer version and held-out data'),
  method: z.string().describe('how it was measured, in words'),
  models: z
    .array(
      z.object({
        name: z.string().describe('reference model'),
        seeds: z.array(z.number().int()).describe('of its runs'),
      }),
    )
    .describe('and the seeds that it was trained with'),
  quantities: z.array(noiseQuantitySchema).describe('tasks first, then what is computed from them'),
});
export type NoiseView = z.infer<typeof noiseViewSchema>;

const seedCounts = [2, 3, 5, 8, 16] as const;

/** How much chance moves every number, from the reference runs of a campaign; null until they are measured. */
export function noiseOf({ campaign, baselines }: Material): NoiseView | null {
  const { reference } = campaign;
  const { objective } = campaign.settings;
  const measured = baselines.flatMap((run) =>
    run.outcome === 'completed' && run.measurement ? [{ run, measurement: run.measurement }] : [],
  );
  const first = measured[0]?.measurement;
  if (!reference || !first) return null;
  type One = (typeof measured)[number];
  const modelOf = ({ run }: One) => run.baseline ?? run.name;
  const models = [...new Set(measured.map(modelOf))];
  const quantity = (
    name: string,
    what: NoiseQuantity['what'],
    value: (one: One) => number | null,
    known?: Noise,
  ): NoiseQuantity => {
    const runs = measured.flatMap((one) => {
      const found = value(one);
      return found === null ? [] : [{ model: modelOf(one), seed: one.run.seed, value: found }];
    });
    const estimate =
      known ?? pooledNoise(models.map((model) => runs.filter((one) => one.model === model).map((one) => one.value)));
    const noise = what === 'loss' ? estimate : { ...estimate, deviation: possibleDeviation(estimate.deviation) };
    return {
      name,
      what,
      ...noise,
      paired: pairedNoise(runs),
      oneAgainstOne: minimumDetectableEffect(noise, 1),
      pairs: seedCounts.map((seeds) => ({ seeds, effect: minimumDetectableEffect(noise, seeds) })),
    };
  };
  const atDeltaNet = (one: One) => {
    const own = measured.filter((other) => modelOf(other) === modelOf(one));
    const placed = placedAt(
      reference.baseline,
      own.map(({ measurement }) => measurement),
    );
    return placed[own.indexOf(one)] ?? one.measurement;
  };
  const ofMerit = meritNoise(
    models.map((name) => measured.filter((one) => modelOf(one) === name).map(({ measurement }) => measurement)),
    reference,
  );
  return {
    campaignId: campaign._id,
    yardstick: campaign.yardstick,
    method: reference.noise.method,
    models: models.map((name) => ({ name, seeds: seedsOf(measured.filter((one) => modelOf(one) === name)) })),
    quantities: [
      ...first.tasks.map(({ task, metric }) =>
        quantity(task, metric, ({ measurement }) => measurement.tasks.find((one) => one.task === task)?.value ?? null),
      ),
      quantity('battery', 'accuracy', ({ measurement }) => measurement.battery),
      quantity('language-model-loss', 'loss', ({ measurement }) => measurement.languageModelLoss),
      quantity('merit', 'score', (one) => fitnessOf(atDeltaNet(one), reference, null).merit, ofMerit),
      quantity(
        'fitness',
        'score',
        ({ run, measurement }) => fitnessOf(measurement, reference, run.judgement, objective).total,
        fitnessNoise(baselines, reference, objective),
      ),
    ],
  };
}

const seedsOf = (runs: ReadonlyArray<{ readonly run: ExperimentRecord }>): number[] =>
  runs.map(({ run }) => run.seed).sort((a, b) => a - b);
