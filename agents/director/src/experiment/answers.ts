import { attemptTokenOf } from '@asi/contracts';
import type { ExperimentContext, ExperimentEvent, Stage } from './context.ts';

export type GateStage = 'designed' | 'assessed';

export const gatesAt = (context: ExperimentContext, stage: GateStage) =>
  context.kind === 'candidate' ? context.terms.gates.filter((gate) => gate.stage === stage) : [];

/** The token of a gate names the gate, so that an answer to another gate is stale. */
export const gateToken = (context: ExperimentContext, stage: GateStage) =>
  attemptTokenOf(context.experimentId, `gate-${stage}`, context.gateIndex + 1);

/** Whether an answer belongs to the present attempt at this stage. */
export const isCurrent = (context: ExperimentContext, event: ExperimentEvent, stage: Stage): boolean =>
  'token' in event && event.token === attemptTokenOf(context.experimentId, stage, context.attempts[stage]);

/** What the gate that is being asked says; null for anything else. */
export const verdictOf = (
  context: ExperimentContext,
  event: ExperimentEvent,
  stage: GateStage,
): 'allow' | 'veto' | null =>
  event.type === 'GATE_ANSWERED' && event.token === gateToken(context, stage) ? event.verdict : null;
