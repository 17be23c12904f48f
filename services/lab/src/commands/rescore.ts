import { type Measurement, type Reference, referenceSchema, terminal } from '@asi/contracts';
import type { ExperimentView, Reading } from '@asi/reading';
import { fitnessOf } from '@asi/statistics';
import { Command } from 'commander';
import { type ComparedScore, compareScores } from '../rescore/compare-scores.ts';
import { type Rescored, rescoreRaw } from '../rescore/rescore-raw.ts';
import { paintFor } from '../view/paint.ts';
import { rescoreText } from '../view/rescore-text.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { noExperiment } from './no-experiment.ts';
import { withReading, writeJson } from './with-reading.ts';

/** `asi rescore ID`: every score of an experiment, computed again from its stored raw values. */
export const rescoreCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('rescore')
      .description(
        'compute every score of an experiment again from its stored raw values; exit code 1 when one differs',
      )
      .argument('<id>', 'the experiment, for example c001-0007')
      .option('--json', 'one JSON value: the scores, stored and computed again'),
    'asi rescore c001-0007',
  ),
  run: async ([id, options]) => {
    const { json } = options as { readonly json?: boolean };
    const { view, measurement, raw, reference } = await withReading(context, (reading) =>
      materialOf(reading, id as string),
    );
    const again = await rescoreRaw(raw, measurement, context.env);
    const scores = [...compareScores(measurement, again), ...fitnessScores(view, again, reference)];
    const equal = scores.every((score) => score.equal);
    const report = {
      id: view.id,
      equal,
      rawHash: measurement.rawHash,
      measuredBy: measurement.trainerVersion,
      rescoredBy: again.trainerVersion,
      suspectLeak: again.suspectLeak,
      scores,
    };
    if (json) writeJson(context, report);
    else context.out.write(`${rescoreText(report, paintFor(context.out.isTerminal, context.env)).join('\n')}\n`);
    return equal ? exitCodes.good : exitCodes.no;
  },
});

type Material = {
  readonly view: ExperimentView;
  readonly measurement: Measurement;
  readonly raw: string;
  readonly reference: Reference | null;
};

async function materialOf(reading: Reading, id: string): Promise<Material> {
  const view = await reading.experiment(id);
  if (!view) throw await noExperiment(reading, id);
  const { measurement } = view;
  if (!measurement)
    throw terminal(
      'not-measured',
      `${view.id} ${view.finished ? 'was not measured' : 'is not measured yet'}, so it has no scores`,
    );
  const artifact = await reading.artifact(measurement.rawHash);
  if (!artifact)
    throw terminal('no-artifact', `the raw values of ${view.id} (${measurement.rawHash}) are not in the archive`);
  return { view, measurement, raw: artifact.body, reference: await referenceOf(reading, view.campaignId) };
}

/** The campaign's zero and band, as the director announced them last. */
async function referenceOf(reading: Reading, campaignId: string): Promise<Reference | null> {
  let reference: Reference | null = null;
  for await (const { data } of reading.journal({ campaignId, types: ['asi.campaign.reference-set.v1'] })) {
    const found = referenceSchema.safeParse((data as { readonly reference?: unknown } | null)?.reference);
    if (found.success) reference = found.data;
  }
  return reference;
}

/** The measured parts of the fitness, which follow from the scores and the campaign's reference. */
function fitnessScores({ record }: ExperimentView, again: Rescored, reference: Reference | null): ComparedScore[] {
  const stored = record?.fitness;
  if (!stored || !reference || record.yardstick !== reference.yardstick) return [];
  const computed = fitnessOf(again, reference, record.judgement);
  return (['loss', 'benchmark', 'merit'] as const).map((name) => ({
    name: `fitness.${name}`,
    stored: stored[name],
    again: computed[name],
    equal: Object.is(stored[name], computed[name]),
  }));
}
