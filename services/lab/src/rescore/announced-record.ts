import {
  asRevised,
  catalogue,
  type DataOf,
  type ExperimentRecord,
  type MessageName,
  type Revision,
} from '@asi/contracts';
import type { JournalLine } from '@asi/reading';

/** What the messages of an experiment tell of the record that the director made from them; absent: no message tells it. */
export type AnnouncedRecord = Partial<Omit<ExperimentRecord, '_id'>>;

/** The record of an experiment, put together from its messages as the director does it. */
export function announcedRecord(messages: readonly JournalLine[]): AnnouncedRecord {
  const counted = withoutIgnored(messages);
  const sampled = countedOf('sampled', counted);
  const command = countedOf('train', counted);
  const designed = countedOf('designed', counted);
  const trained = countedOf('trained', counted);
  const judged = countedOf('judged', counted);
  const analysed = countedOf('analysed', counted);
  const settled = countedOf('settled', counted);
  const begun = command?.program ?? designed?.program;
  return {
    ...(sampled &&
      pick(sampled, ['campaignId', 'kind', 'ordinal', 'arm', 'parentId', 'referenceIds', 'horizon', 'seed'])),
    ...(begun && { program: begun, baseline: begun.kind === 'builtin' ? begun.name : null }),
    ...(designed && { design: designed.design }),
    ...(trained && {
      measurement: trained.measurement,
      revisions: trained.revisions.length > 0 ? trained.revisions : triedBefore(counted),
      ...asRevised({ design: designed?.design ?? null }, trained.revisions),
    }),
    ...(judged && { judgement: judged.judgement }),
    ...(analysed && { analysis: analysed.analysis }),
    ...(settled && pick(settled, ['campaignNumber', 'outcome', 'reason', 'name', 'parentId', 'yardstick', 'fitness'])),
  };
}

const pick = <Data extends object, Key extends keyof Data>(data: Data, keys: readonly Key[]): Pick<Data, Key> =>
  Object.fromEntries(keys.map((key) => [key, data[key]])) as Pick<Data, Key>;

/**
 * Without answers that the director did not take into account. `already-settled` it also says of one that it had taken,
 * when it is delivered again after its experiment has ended.
 */
function withoutIgnored(messages: readonly JournalLine[]): readonly JournalLine[] {
  const ignored = new Set(
    messages.flatMap(({ type, data }) => {
      const note = type === catalogue.ignored.type ? catalogue.ignored.data.safeParse(data).data : undefined;
      return note && note.why !== 'already-settled' ? [note.messageId] : [];
    }),
  );
  return messages.filter(({ id }) => id === null || !ignored.has(id));
}

/** The message that counted: of the last attempt the first, since an attempt is answered once. */
function countedOf<Name extends MessageName>(name: Name, messages: readonly JournalLine[]): DataOf<Name> | undefined {
  const { type, data } = catalogue[name];
  let counted: JournalLine | undefined;
  for (const line of messages)
    if (line.type === type && (!counted || (line.attempt ?? 0) > (counted.attempt ?? 0))) counted = line;
  return counted && (data.safeParse(counted.data).data as DataOf<Name> | undefined);
}

/** Revisions of trainings that failed: they stay in the record where the next attempt needed none. */
function triedBefore(messages: readonly JournalLine[]): Revision[] {
  const { type, data } = catalogue.trainingFailed;
  const tried = messages.flatMap((line) => (line.type === type ? (data.safeParse(line.data).data ?? []) : []));
  return tried.findLast(({ revisions }) => revisions.length > 0)?.revisions ?? [];
}
