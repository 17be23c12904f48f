import type { Bus, JournalRecord } from '@asi/bus';

export type FollowOptions = {
  /** First sequence that is wanted. */
  readonly from: number;
  readonly signal: AbortSignal;
  /** Called with what went wrong whenever the journal has to be opened again. */
  readonly onInterruption?: (error: unknown) => void;
};

const pauseMilliseconds = 500;

/**
 * The journal from a sequence on, for ever, over restarts of the broker.
 * J1: every record is given exactly once and in order: after an interruption reading goes on behind the last one given.
 */
export async function* followJournal(bus: Pick<Bus, 'journal'>, options: FollowOptions): AsyncGenerator<JournalRecord> {
  let next = options.from;
  while (!options.signal.aborted) {
    try {
      for await (const record of bus.journal({ fromSequence: next, follow: true, signal: options.signal })) {
        if (record.sequence < next) continue;
        next = record.sequence + 1;
        yield record;
        if (options.signal.aborted) return;
      }
    } catch (error) {
      options.onInterruption?.(error);
    }
    if (!options.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}
