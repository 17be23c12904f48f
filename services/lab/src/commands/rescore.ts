import { type Measurement, terminal } from '@asi/contracts';
import type { ExperimentView, JournalFilter, JournalLine, Reading } from '@asi/reading';
import { Command } from 'commander';
import { type AnnouncedCampaign, announcedCampaign, typesOfCampaign } from '../rescore/announced-campaign.ts';
import { type AnnouncedRecord, announcedRecord } from '../rescore/announced-record.ts';
import { compareCampaign, type StoredCampaign } from '../rescore/compare-campaign.ts';
import { compareFitness } from '../rescore/compare-fitness.ts';
import { compareRecord, ofNoMessage } from '../rescore/compare-record.ts';
import { compareScores } from '../rescore/compare-scores.ts';
import { rescoreRaw } from '../rescore/rescore-raw.ts';
import { paintFor } from '../view/paint.ts';
import { rescoreText } from '../view/rescore-text.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { noExperiment } from './no-experiment.ts';
import { withReading, writeJson } from './with-reading.ts';

/** What neither raw values nor the journal tell. No rank rests on it but the place of a baseline, which is also in the reference. */
const takenAsStored = [
  ...ofNoMessage,
  'settings.spending',
  'campaign.baselineIds',
  'confirmations.concludedAt',
] as const;

/** `asi rescore ID`: every score of an experiment, computed again from its stored raw values. */
export const rescoreCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('rescore')
      .description(
        'compute every score of an experiment again from its stored raw values, and compare what else is stored with the journal; exit code 1 when something differs or cannot be checked',
      )
      .argument('<id>', 'the experiment, for example c001-0007')
      .option('--json', 'one JSON value: the scores, stored and computed again, and the fields, stored and announced'),
    'asi rescore c001-0007',
  ),
  run: async ([id, options]) => {
    const { json } = options as { readonly json?: boolean };
    const { view, measurement, raw, stored, campaign, record } = await withReading(context, (reading) =>
      materialOf(reading, id as string),
    );
    const again = await rescoreRaw(raw, measurement, context.env);
    const { objective } = campaign.settings ?? stored.settings;
    const ofFitness = compareFitness({ record: view.record, objective, announced: campaign.reference }, again);
    const scores = [...compareScores(measurement, again), ...ofFitness.scores];
    const ofRecord = compareRecord(view.record ?? { measurement }, record);
    const ofCampaign = compareCampaign(stored, campaign);
    const fields = [...ofRecord.fields, ...ofCampaign.fields];
    const unchecked = [ofFitness, ofRecord, ofCampaign].flatMap((one) => one.unchecked);
    const equal = [...scores, ...fields].every((one) => one.equal);
    const report = {
      id: view.id,
      equal,
      rawHash: measurement.rawHash,
      measuredBy: measurement.trainerVersion,
      rescoredBy: again.trainerVersion,
      suspectLeak: again.suspectLeak,
      scores,
      fields,
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
  readonly stored: StoredCampaign;
  /** What the journal says of campaign and experiment. */
  readonly campaign: AnnouncedCampaign;
  readonly record: AnnouncedRecord;
};

async function materialOf(reading: Reading, id: string): Promise<Material> {
  const view = await reading.experiment(id);
  if (!view) throw await noExperiment(reading, id);
  const { measurement, campaignId } = view;
  if (!measurement)
    throw terminal(
      'not-measured',
      `${view.id} ${view.finished ? 'was not measured' : 'is not measured yet'}, so it has no scores`,
    );
  const artifact = await reading.artifact(measurement.rawHash);
  if (!artifact)
    throw terminal('no-artifact', `the raw values of ${view.id} (${measurement.rawHash}) are not in the archive`);
  const campaign = await reading.campaign(campaignId);
  if (!campaign) throw terminal('no-campaign', `there is no campaign ${campaignId}, of which ${view.id} is`);
  const told = announcedRecord(await linesOf(reading, { experimentId: view.id }));
  return {
    view,
    measurement,
    raw: artifact.body,
    stored: {
      settings: campaign.settings,
      reference: await reading.reference(campaignId),
      plans: (await reading.confirmationPlans(campaignId)) ?? [],
      results: (await reading.confirmations(campaignId)) ?? [],
    },
    campaign: announcedCampaign(await linesOf(reading, { campaignId, types: typesOfCampaign })),
    // Of one under way there is no more than the measurement.
    record: view.record ? told : told.measurement ? { measurement: told.measurement } : {},
  };
}

async function linesOf(reading: Reading, filter: JournalFilter): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  for await (const line of reading.journal(filter)) lines.push(line);
  return lines;
}
