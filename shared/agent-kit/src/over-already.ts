import type { Bus } from '@asi/bus';
import { type Clock, catalogue, type Envelope, type ExperimentId } from '@asi/contracts';

/** A command younger than this is carried out without asking: the question would cost more than it saves. */
const youngMilliseconds = 2000;

/**
 * Whether a command has waited so long that its experiment is settled meanwhile (cancelled, timed out): its work would be
 * done for nothing, and in front of work that is wanted. Asked of the journal, so it also holds after any restart.
 */
export async function isOverAlready(
  bus: Bus,
  envelope: Envelope,
  redeliveries: number,
  clock: Clock,
): Promise<boolean> {
  if (envelope.subject === 'none') return false;
  const age = clock.now().getTime() - Date.parse(envelope.time);
  if (redeliveries === 0 && age < youngMilliseconds) return false;
  return bus.isOnRecord(catalogue.settled, envelope.subject as ExperimentId);
}
