import type { Log } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { catalogue, filterFor, messageOf } from '@asi/contracts';
import type { Settled } from './tree.ts';

export type FollowOptions = {
  readonly bus: Pick<Bus, 'journal'>;
  readonly log: Pick<Log, 'warn'>;
  readonly signal: AbortSignal;
  readonly see: (settled: Settled) => void;
};

const { kind, owner, name, data } = catalogue.settled;
const filters = [filterFor(kind, owner, name)];
const pauseMilliseconds = 300;

/**
 * Sees every settled experiment of the journal, from the first one on, each at least once and in order. Resolves when
 * all that was published before the call has been seen; goes on until the signal aborts.
 *
 * The journal and not the collection `experiments` is read, because a document and its message are written at two
 * moments: a reader of both would have to know in which order, and one source has no gap between its past and its future.
 */
export async function followSettled({
  bus,
  log,
  signal,
  see,
}: FollowOptions): Promise<{ readonly ended: Promise<void> }> {
  let next = 1;

  const read = async (follow: boolean): Promise<void> => {
    for await (const record of bus.journal({ filters, fromSequence: next, follow, signal })) {
      if (signal.aborted) return;
      const settled = data.safeParse(record.envelope?.data);
      if (settled.success) see(settled.data);
      else log.warn({ sequence: record.sequence, problem: record.problem }, 'a settled message cannot be read');
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
