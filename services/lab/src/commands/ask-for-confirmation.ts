import { type Confirmation, catalogue, experimentIdSchema, retryable, terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { askDirector } from './ask-director.ts';

const answerSeconds = 30;

/**
 * Asks the director to confirm a candidate and waits for its plan.
 * @throws terminal `confirmation-refused` with the director's reason, retryable `no-answer`
 */
export async function askForConfirmation(
  reading: Reading,
  id: string,
  seeds: number,
  signal: AbortSignal,
): Promise<{ readonly campaignId: string; readonly confirmation: Confirmation }> {
  const experimentId = experimentIdSchema.parse(id);
  const told = await askDirector(reading, {
    ask: (message) =>
      reading.bus.publish(catalogue.confirmCandidate, { experimentId, id: message, data: { experimentId, seeds } }),
    answers: [
      {
        event: catalogue.confirmationPlanned,
        read: (data) => catalogue.confirmationPlanned.data.safeParse(data).data ?? null,
      },
    ],
    seconds: answerSeconds,
    signal,
  });
  if (told.kind === 'answered') return told.answer;
  if (told.kind === 'refused') throw terminal('confirmation-refused', `${id} is not confirmed: ${told.why}`);
  throw retryable(
    'no-answer',
    `no director answered within ${answerSeconds} s; asi status shows the processes, and the message is kept until one does`,
  );
}
