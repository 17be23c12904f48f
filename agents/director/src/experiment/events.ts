import type { DataOf, Envelope, MessageName } from '@asi/contracts';
import { catalogue, gateAnsweredSchema } from '@asi/contracts';
import type { ExperimentEvent } from './context.ts';

type Translator<Name extends MessageName> = (data: DataOf<Name>, messageId: string) => ExperimentEvent;

const translators: { [Name in MessageName]?: Translator<Name> } = {
  designed: ({ token, design, program }, messageId) => ({ type: 'DESIGNED', token, messageId, design, program }),
  designRejected: ({ token, reason, thrownAway }, messageId) => ({
    type: 'DESIGN_REJECTED',
    token,
    messageId,
    reason,
    thrownAway,
  }),
  designFailed: ({ token, kind, reason, thrownAway }, messageId) => ({
    type: 'DESIGN_FAILED',
    token,
    messageId,
    kind,
    reason,
    thrownAway,
  }),
  trainingStarted: ({ token }, messageId) => ({ type: 'TRAINING_STARTED', token, messageId }),
  trained: ({ token, measurement, revisions }, messageId) => ({
    type: 'TRAINED',
    token,
    messageId,
    measurement,
    revisions,
  }),
  trainingFailed: ({ token, kind, reason, revisions }, messageId) => ({
    type: 'TRAINING_FAILED',
    token,
    messageId,
    kind,
    reason,
    revisions,
  }),
  judged: ({ token, judgement }, messageId) => ({ type: 'JUDGED', token, messageId, judgement }),
  judgingFailed: ({ token, kind, reason }, messageId) => ({ type: 'JUDGING_FAILED', token, messageId, kind, reason }),
  analysed: ({ token, analysis }, messageId) => ({ type: 'ANALYSED', token, messageId, analysis }),
  analysingFailed: ({ token, kind, reason }, messageId) => ({
    type: 'ANALYSING_FAILED',
    token,
    messageId,
    kind,
    reason,
  }),
  cancelExperiment: () => ({ type: 'CANCEL', why: 'cancelled by a person' }),
};

const byType = new Map(
  Object.entries(translators).map(([name, translate]) => [
    catalogue[name as MessageName].type as string,
    translate as (data: unknown, id: string) => ExperimentEvent,
  ]),
);

/** The machine event that a message means for its experiment; null for messages that mean nothing to one. */
export function eventOf(envelope: Envelope): ExperimentEvent | null {
  if (envelope.type === 'asi.gate.answered.v1') {
    const { token, verdict, why, evidenceHash } = gateAnsweredSchema.parse(envelope.data);
    const role = envelope.source.split('/')[0] ?? 'gate';
    return { type: 'GATE_ANSWERED', token, messageId: envelope.id, verdict, role, why, evidenceHash };
  }
  return byType.get(envelope.type)?.(envelope.data, envelope.id) ?? null;
}
