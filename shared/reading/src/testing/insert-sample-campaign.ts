import { artifactsIn, campaignsIn, type Database, experimentsIn, inflightIn, insightsIn } from '@asi/store';
import type { SampleCampaign } from './sample-campaign.ts';

/** Writes a sample campaign where the real processes would have written it. */
export async function insertSampleCampaign(database: Database, sample: SampleCampaign): Promise<void> {
  const artifacts = artifactsIn(database);
  const experiments = experimentsIn(database);
  const insights = insightsIn(database);
  const inflight = inflightIn(database);
  await Promise.all([
    ...sample.artifacts.map(({ body, mediaType }) => artifacts.put(body, mediaType)),
    ...sample.experiments.map((one) => experiments.insert(one)),
    ...sample.insights.map((one) => insights.insert(one)),
    ...sample.inflight.map((one) => inflight.create(one)),
  ]);
  await campaignsIn(database).create(sample.campaign);
}
