import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Confirmation,
  catalogue,
  deadLetterSchema,
  deadLettersOf,
  envelopeSchema,
  experimentIdSchema,
  filterFor,
  retryable,
  terminal,
} from '@asi/contracts';
import type { Reading } from '@asi/reading';

const answerSeconds = 30;

/**
 * Asks the director to confirm a candidate and waits for its plan.
 * @throws terminal `confirmation-refused` with the director's reason, retryable `no-answer`
 */
export async function askForConfirmation(
  { bus }: Reading,
  id: string,
  seeds: number,
  signal: AbortSignal,
): Promise<{ readonly campaignId: string; readonly confirmation: Confirmation }> {
  const plans = new Map<string, { campaignId: string; confirmation: Confirmation }>();
  const refusals = new Map<string, string>();
  const { kind, owner, name, data } = catalogue.confirmationPlanned;
  const watches = [
    bus.watch(filterFor(kind, owner, name), ({ causationid, data: told }) => {
      const planned = data.safeParse(told);
      if (planned.success && causationid) plans.set(causationid, planned.data);
    }),
    bus.watch(deadLettersOf('director'), ({ data: told }) => {
      const letter = deadLetterSchema.safeParse(told);
      if (letter.success) refusals.set(originalId(letter.data.original), letter.data.why);
    }),
  ];
  try {
    const experimentId = experimentIdSchema.parse(id);
    const { envelope } = await bus.publish(catalogue.confirmCandidate, { experimentId, data: { experimentId, seeds } });
    for (let waited = 0; waited < answerSeconds * 1000; waited += 100) {
      const plan = plans.get(envelope.id);
      if (plan) return plan;
      const refusal = refusals.get(envelope.id);
      if (refusal !== undefined) throw terminal('confirmation-refused', `${id} is not confirmed: ${refusal}`);
      signal.throwIfAborted();
      await sleep(100);
    }
  } finally {
    for (const watch of watches) watch.stop();
  }
  throw retryable(
    'no-answer',
    `no director answered within ${answerSeconds} s; asi status shows the processes, and the message is kept until one does`,
  );
}

function originalId(text: string): string {
  try {
    const original = envelopeSchema.safeParse(JSON.parse(text));
    return original.success ? original.data.id : '';
  } catch {
    return '';
  }
}
