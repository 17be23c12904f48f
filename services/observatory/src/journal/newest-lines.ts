import type { JournalLine, Reading } from '@asi/reading';
import type { JournalQueryParameters } from '../http/journal-query.ts';

export type NewestLines = {
  /** Newest first. */
  readonly lines: readonly JournalLine[];
  /** Records before this one were not looked at. */
  readonly searchedFrom: number;
  readonly lastSequence: number;
};

const windows = [2_000, 20_000];

/** The newest messages that pass the filters. Looks back over at most 20,000 records, so that a rare filter stays cheap, and says how far it looked. */
export async function newestLines(
  reading: Pick<Reading, 'journal' | 'bus'>,
  query: JournalQueryParameters,
): Promise<NewestLines> {
  const lastSequence = await reading.bus.lastSequence();
  let found: JournalLine[] = [];
  let searchedFrom = 1;
  for (const window of query.experiment ? [lastSequence] : windows) {
    searchedFrom = Math.max(1, lastSequence - window + 1);
    found = [];
    const { experiment, campaign, role, type } = query;
    const lines = reading.journal({
      fromSequence: searchedFrom,
      ...(experiment ? { experimentId: experiment } : {}),
      ...(campaign ? { campaignId: campaign } : {}),
      ...(role ? { roles: [role] } : {}),
      ...(type ? { types: [type] } : {}),
    });
    for await (const line of lines) {
      if (query.kind && line.kind !== query.kind) continue;
      found.push(line);
      if (found.length > query.limit) found.shift();
    }
    if (found.length === query.limit || searchedFrom === 1) break;
  }
  return { lines: found.reverse(), searchedFrom, lastSequence };
}
