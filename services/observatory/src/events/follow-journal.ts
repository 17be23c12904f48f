import type { JournalLine, Reading } from '@asi/reading';

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
export async function* followJournal(
  reading: Pick<Reading, 'journal'>,
  options: FollowOptions,
): AsyncGenerator<JournalLine> {
  let next = options.from;
  let doubted = 0;
  while (!options.signal.aborted) {
    try {
      for await (const line of reading.journal({ fromSequence: next, follow: true, signal: options.signal })) {
        if (line.sequence < next) continue;
        // The journal keeps everything and nothing is filtered, so a hole means that the subscription lost messages: read
        // again. A hole that is there the second time is in the journal itself.
        if (line.sequence > next && doubted !== next) {
          doubted = next;
          throw new Error(`the journal skipped from ${next} to ${line.sequence}`);
        }
        next = line.sequence + 1;
        yield line;
        if (options.signal.aborted) return;
      }
    } catch (error) {
      options.onInterruption?.(error);
    }
    if (!options.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
}
