import type { Bus } from '@asi/bus';
import { catalogue, type DataOf, derivedMessageId, type Envelope, type ExperimentId } from '@asi/contracts';

/** What is not taken into account is said, so that nobody has to guess why a message had no effect. */
export async function noteIgnored(
  bus: Bus,
  id: ExperimentId,
  cause: Envelope | null,
  why: DataOf<'ignored'>['why'],
): Promise<void> {
  if (!cause) return;
  await bus.publish(catalogue.ignored, {
    experimentId: id,
    id: derivedMessageId(id, cause.id, 'ignored'),
    cause,
    data: { experimentId: id, messageId: cause.id, type: cause.type, why },
  });
}
