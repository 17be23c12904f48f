import type { Bus } from '@asi/bus';
import { parseSubject } from '@asi/contracts';
import type { JournalFilter } from './reading.ts';
import { type JournalLine, journalLineOf } from './views/journal-line.ts';

/** The journal in order, filtered; without taking part in it. */
export async function* readJournalLines(bus: Bus, filter: JournalFilter): AsyncGenerator<JournalLine> {
  const { experimentId, campaignId, types, roles, fromSequence, follow, signal } = filter;
  const records = bus.journal({
    ...(experimentId === undefined ? {} : { experimentId }),
    ...(fromSequence === undefined ? {} : { fromSequence }),
    ...(follow === undefined ? {} : { follow }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const record of records) {
    const line = journalLineOf(record);
    if (campaignId !== undefined && !isOf(campaignId, line)) continue;
    if (types && !types.some((one) => line.type?.includes(one))) continue;
    if (
      roles &&
      !roles.some((role) => line.source?.split('/')[0] === role || parseSubject(line.subject)?.owner === role)
    )
      continue;
    yield line;
  }
}

const isOf = (campaign: string, { campaignId, experimentId }: JournalLine): boolean =>
  experimentId === null ? campaignId === campaign : experimentId.startsWith(`${campaign}-`);
