import { type Measurement, type Reference, referenceSchema, terminal } from '@asi/contracts';
import type { ExperimentView, Reading } from '@asi/reading';
import { Command } from 'commander';
import { compareFitness } from '../rescore/compare-fitness.ts';
import { compareReference } from '../rescore/compare-reference.ts';
import { compareScores } from '../rescore/compare-scores.ts';
import { rescoreRaw } from '../rescore/rescore-raw.ts';
import { paintFor } from '../view/paint.ts';
import { rescoreText } from '../view/rescore-text.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { noExperiment } from './no-experiment.ts';
import { withReading, writeJson } from './with-reading.ts';

/**
 * What no raw value tells: criteria are an opinion, the rest is as the runner, its certificate or its own process said it.
 * No rank rests on them but on the criteria, by the judge's part of the fitness.
 */
const takenAsStored = [
  'judgement.criteria',
  'tasks.steps',
  'tasks.learningRate',
  'tasks.trainCpuSeconds',
  'tasks.claimedFinalTrainLoss',
  'parameters',
  'stateSize',
  'flopsPerToken',
  'trainTokensPerSecond',
  'inferenceTokensPerSecond',
  'neighbourCores',
  'peakMemoryBytes',
  'cpuSeconds',
  'startUpSeconds',
  'workSeconds',
] as const;

/** `asi rescore ID`: every score of an experiment, computed again from its stored raw values. */
export const rescoreCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('rescore')
      .description(
        'compute every score of an experiment again from its stored raw values; exit code 1 when one differs or cannot be checked',
      )
      .argument('<id>', 'the experiment, for example c001-0007')
      .option('--json', 'one JSON value: the scores, stored and computed again'),
    'asi rescore c001-0007',
  ),
  run: async ([id, options]) => {
    const { json } = options as { readonly json?: boolean };
    const { view, measurement, raw, objective, stored, announced } = await withReading(context, (reading) =>
      materialOf(reading, id as string),
    );
    const again = await rescoreRaw(raw, measurement, context.env);
    const ofFitness = compareFitness({ record: view.record, objective, announced }, again);
    const scores = [
      ...compareScores(measurement, again),
      ...ofFitness.scores,
      ...(announced ? compareReference(stored, announced) : []),
    ];
    // Also of the run of a confirmation, whose merit is placed by it.
    const isUnsaid = stored !== null && announced === null;
    const unchecked = [
      ...ofFitness.unchecked,
      ...(isUnsaid ? [{ name: 'reference', why: 'the journal has no announcement of it' }] : []),
    ];
    const equal = scores.every((score) => score.equal);
    const report = {
      id: view.id,
      equal,
      rawHash: measurement.rawHash,
      measuredBy: measurement.trainerVersion,
      rescoredBy: again.trainerVersion,
      suspectLeak: again.suspectLeak,
      scores,
      unchecked,
      takenAsStored,
    };
    if (json) writeJson(context, report);
    else context.out.write(`${rescoreText(report, paintFor(context.out.isTerminal, context.env)).join('\n')}\n`);
    return equal && unchecked.length === 0 ? exitCodes.good : exitCodes.no;
  },
});

type Material = {
  readonly view: ExperimentView;
  readonly measurement: Measurement;
  readonly raw: string;
  readonly objective: 'composite' | 'merit';
  readonly stored: Reference | null;
  readonly announced: Reference | null;
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
  const campaign = await reading.campaign(view.campaignId);
  return {
    view,
    measurement,
    raw: artifact.body,
    objective: campaign?.settings.objective ?? 'composite',
    stored: await reading.reference(view.campaignId),
    announced: await announcedReference(reading, view.campaignId),
  };
}

/** The campaign's zero and band, as the director announced them last. */
async function announcedReference(reading: Reading, campaignId: string): Promise<Reference | null> {
  let reference: Reference | null = null;
  for await (const { data } of reading.journal({ campaignId, types: ['asi.campaign.reference-set.v1'] })) {
    const found = referenceSchema.safeParse((data as { readonly reference?: unknown } | null)?.reference);
    if (found.success) reference = found.data;
  }
  return reference;
}
