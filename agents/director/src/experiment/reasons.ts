import type { EndReason, Gate } from '@asi/contracts';
import type { ExperimentEvent } from './context.ts';

export const reasonOf = (code: string, message: string): EndReason => ({ code, message, evidenceHash: null });

/** Why an experiment ends that a gate has vetoed, in the gate's words. */
export const vetoOf = ({
  role,
  why,
  evidenceHash,
}: Extract<ExperimentEvent, { type: 'GATE_ANSWERED' }>): EndReason => ({
  code: 'vetoed',
  message: `${role}: ${why}`,
  evidenceHash: evidenceHash ?? null,
});

/** Why an experiment ends whose gate did not answer. */
export const silenceOf = (gate: Gate | undefined): EndReason =>
  reasonOf(
    'gate-silent',
    `${gate?.role} did not answer within ${gate?.deadlineSeconds} s, and the campaign takes its silence as a veto: asi status shows whether it runs`,
  );
