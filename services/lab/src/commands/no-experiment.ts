import { type AsiError, terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';

/** What to say of an id that no experiment has: it may be that of a campaign. */
export async function noExperiment(reading: Reading, id: string): Promise<AsiError> {
  const campaign = id.includes('-') ? null : await reading.campaign(id);
  return terminal(
    'no-experiment',
    campaign
      ? `${id} is a campaign: asi leaderboard, tree, journal, report and export show it with --campaign ${id}`
      : `there is no experiment ${id}; asi leaderboard and asi tree list them`,
  );
}
