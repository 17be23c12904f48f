import type { Bus, JournalRecord } from '@asi/bus';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followJournal } from './follow-journal.ts';

const record = (sequence: number): JournalRecord => ({ sequence }) as JournalRecord;

/** A journal of `length` records that breaks off after as many records as each break says, then holds. */
function breakingJournal(length: number, breaks: readonly number[]): Pick<Bus, 'journal'> {
  const left = [...breaks];
  return {
    async *journal({ fromSequence = 1 }) {
      const breakAfter = left.shift();
      for (let sequence = fromSequence; sequence <= length; sequence++) {
        if (breakAfter !== undefined && sequence - fromSequence >= breakAfter) throw new Error('connection lost');
        yield record(sequence);
      }
    },
  };
}

test('over any interruptions each record is seen once and in order before the follower is ready', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), fc.array(fc.nat(5), { maxLength: 2 }), async (length, breaks) => {
      const ending = new AbortController();
      const seen: number[] = [];
      const { ended } = await followJournal({
        bus: breakingJournal(length, breaks),
        log: { warn: () => undefined } as never,
        filters: [],
        signal: ending.signal,
        see: ({ sequence }) => void seen.push(sequence),
      });
      expect(seen).toEqual(Array.from({ length }, (_, i) => i + 1));
      ending.abort();
      await ended;
    }),
    { numRuns: 10 },
  );
});
