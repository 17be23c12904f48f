import type { Bus } from '@asi/bus';
import { attemptTokenOf, catalogue, type Envelope, type ExperimentRecord } from '@asi/contracts';
import type { SampleCampaign } from './sample-campaign.ts';

/** Publishes the main messages of the lives of a sample campaign's experiments, each caused by the one before. */
export async function publishSampleJournal(bus: Bus, sample: SampleCampaign): Promise<void> {
  const { campaign } = sample;
  const { envelope } = await bus.publish(catalogue.campaignStarted, {
    experimentId: null,
    campaignId: campaign._id,
    data: { campaignId: campaign._id, settings: campaign.settings },
  });
  for (const record of sample.experiments) await publishLife(bus, record, envelope);
}

async function publishLife(bus: Bus, record: ExperimentRecord, first: Envelope): Promise<void> {
  const { _id: experimentId, campaignId, design, measurement, judgement, analysis, program } = record;
  const common = { experimentId, campaignId };
  const attempt = (stage: string) => ({ ...common, attempt: 1, token: attemptTokenOf(experimentId, stage, 1) });
  let cause = first;
  const say: Bus['publish'] = async (definition, occurrence) => {
    const published = await bus.publish(definition, { ...occurrence, cause });
    cause = published.envelope;
    return published;
  };
  await say(catalogue.sampled, {
    ...common,
    data: {
      ...common,
      kind: record.kind,
      ordinal: record.ordinal,
      name: record.name,
      policy: 'top-k',
      parentId: record.parentId,
      referenceIds: record.referenceIds,
      horizon: record.horizon,
      seed: record.seed,
    },
  });
  if (design && program) await say(catalogue.designed, { ...common, data: { ...attempt('design'), design, program } });
  if (record.reason?.code === 'twin')
    await say(catalogue.designRejected, {
      ...common,
      data: { ...attempt('design'), reason: record.reason, twinOf: record.parentId },
    });
  if (measurement) {
    const jobId = `${experimentId}-1`;
    await say(catalogue.trainingStarted, {
      ...common,
      data: { ...attempt('training'), jobId, runner: measurement.runner, isolationTier: 0 },
    });
    await say(catalogue.trained, { ...common, data: { ...attempt('training'), jobId, measurement } });
  } else if (design && record.reason) {
    await say(catalogue.trainingStarted, {
      ...common,
      data: { ...attempt('training'), jobId: `${experimentId}-1`, runner: 'sample', isolationTier: 0 },
    });
    // It took some time: two messages of one millisecond would make it none.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await say(catalogue.trainingFailed, {
      ...common,
      data: { ...attempt('training'), kind: 'terminal', reason: record.reason },
    });
  }
  if (judgement) await say(catalogue.judged, { ...common, data: { ...attempt('judging'), judgement } });
  if (analysis) await say(catalogue.analysed, { ...common, data: { ...attempt('analysing'), analysis } });
  await say(catalogue.settled, {
    ...common,
    data: {
      ...common,
      campaignNumber: record.campaignNumber,
      kind: record.kind,
      ordinal: record.ordinal,
      outcome: record.outcome,
      reason: record.reason,
      name: record.name,
      parentId: record.parentId,
      components: design?.components ?? [],
      yardstick: record.yardstick,
      fitness: record.fitness,
    },
  });
}
