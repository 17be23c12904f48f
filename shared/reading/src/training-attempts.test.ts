import type { JournalRecord } from '@asi/bus';
import { attemptTokenOf, catalogue, experimentIdSchema, systemClock } from '@asi/contracts';
import { expect, test } from 'vitest';
import { keepTrainingAttempts } from './training-attempts.ts';

const experimentId = experimentIdSchema.parse('c001-0001');

/** The journal with failed trainings whose start was told to nobody. */
const journalOf = (...seconds: ReadonlyArray<number | null>) =>
  async function* () {
    for (const [index, one] of seconds.entries()) {
      const attempt = index + 1;
      const data = {
        campaignId: 'c001',
        experimentId,
        attempt,
        token: attemptTokenOf(experimentId, 'training', attempt),
        kind: 'retryable',
        reason: { code: 'runner-lost', message: 'the runner stopped', evidenceHash: null },
        seconds: one,
      };
      const { type } = catalogue.trainingFailed;
      yield { sequence: attempt, envelope: { type, time: '2026-11-30T12:00:00Z', data } } as unknown as JournalRecord;
    }
  };

test('a training that its runner lost before it was told of is counted with the time that it ran; one that never ran is not', async () => {
  const attempts = await keepTrainingAttempts({ journal: journalOf(7.5, 0, null) }, systemClock)();
  expect(attempts.get(experimentId)).toMatchObject([{ attempt: 1, startedAt: null, end: { seconds: 7.5 } }]);
});
