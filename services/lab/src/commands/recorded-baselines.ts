import { existsSync, readdirSync } from 'node:fs';
import type { CampaignSummary, Leaderboard } from '@asi/reading';
import { externalServers } from '../stack/server-urls.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import type { CliContext } from './cli-context.ts';
import { withReading } from './with-reading.ts';

/** The newest campaign, its board, and where its candidates with this seed of initialisation and data order are scored. */
export type RecordedCampaign = {
  readonly campaign: CampaignSummary;
  readonly board: Leaderboard | null;
  readonly seed: number;
  readonly evaluationSeed: string;
};

/**
 * The newest campaign of the laboratory; null where there is none, without starting servers to find that out.
 * @param wantedSeed of initialisation and data order; undefined: that of the candidates
 */
export async function recordedCampaign(
  context: CliContext,
  wantedSeed: number | undefined,
): Promise<RecordedCampaign | null> {
  const folder = stateFolder(context.env);
  const stored = existsSync(folder.data) && readdirSync(folder.data).length > 0;
  if (!stored && !externalServers(context.env) && !readStack(folder)) return null;
  return withReading(context, async (reading) => {
    const campaign = await reading.campaign();
    if (!campaign) return null;
    const seed = wantedSeed ?? campaign.settings.candidateSeed;
    const evaluationSeed = await reading.heldOutSeed(campaign.id, seed);
    return evaluationSeed === null
      ? null
      : { campaign, board: await reading.leaderboard(campaign.id), seed, evaluationSeed };
  });
}
