import { isCurrent } from './answers.ts';
import type { ExperimentContext, ExperimentEvent, Stage } from './context.ts';

/** Losses of a worker (a killed runner, a stopped stack) are nobody's fault; so many of them are. A broken environment is no loss. */
const tolerableLosses = 20;

/** Whether a failure of the present attempt leaves another one. */
export const mayRetry = (context: ExperimentContext, event: ExperimentEvent, stage: Stage): boolean =>
  isCurrent(context, event, stage) &&
  'kind' in event &&
  event.kind === 'retryable' &&
  context.attempts[stage] < context.terms.limits.attempts;

/** Whether the present training was lost with its runner. */
export const wasLost = (context: ExperimentContext, event: ExperimentEvent): boolean =>
  event.type === 'TRAINING_FAILED' &&
  isCurrent(context, event, 'training') &&
  event.kind === 'retryable' &&
  event.reason.code !== 'environment' &&
  context.losses < tolerableLosses;
