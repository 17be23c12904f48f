import type { Bus, JournalRecord } from '@asi/bus';
import { messageOf } from '@asi/contracts';
import type { Log } from './log.ts';

export type FollowOptions = {
  readonly bus: Pick<Bus, 'journal'>;
  readonly log: Pick<Log, 'warn'>;
  readonly filters: readonly string[];
  /** Ends the reading. */
  readonly signal: AbortSignal;
  readonly see: (record: JournalRecord) => void;
};

const pauseMilliseconds = 300;

/**
 * Sees every record of the journal that passes the filters, from the first one on, each once and in order, over restarts
 * of the broker. Resolves when all that was published before the call has been seen; goes on until the signal aborts.
 *
 * Who keeps in memory what has happened reads it from the journal and not from the collections: a document and its
 * message are written at two moments, and a reader of both would have to know in which order.
 */
export async function followJournal({
  bus,
  log,
  filters,
  signal,
  see,
}: FollowOptions): Promise<{ readonly ended: Promise<void> }> {
  let next = 1;

  const read = async (follow: boolean): Promise<void> => {
    for await (const record of bus.journal({ filters: [...filters], fromSequence: next, follow, signal })) {
      if (signal.aborted) return;
      see(record);
      next = record.sequence + 1;
    }
  };

  const untilItSucceeds = async (follow: boolean): Promise<void> => {
    while (!signal.aborted) {
      try {
        await read(follow);
        if (!follow) return;
      } catch (error) {
        log.warn({ err: messageOf(error) }, 'the journal cannot be read; will be tried again');
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  };

  await untilItSucceeds(false);
  return { ended: untilItSucceeds(true) };
}
