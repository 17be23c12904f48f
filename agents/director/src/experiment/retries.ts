import { isCurrent } from './answers.ts';
import type { ExperimentContext, ExperimentEvent, Stage } from './context.ts';

/** Losses of a worker (a killed runner, a stopped stack) are nobody's fault; so many of them are. A broken environment is no loss. */
const tolerableLosses = 20;

/**
 * Whether the limit leaves another try of a stage. Every attempt has a number of its own, so that its answer and its job
 * are told from those of any other; a training that was lost with its runner is none of the tries that the limit counts.
 */
export const hasTriesLeft = ({ attempts, losses, terms }: ExperimentContext, stage: Stage): boolean =>
  attempts[stage] - (stage === 'training' ? losses : 0) < terms.limits.attempts;

/** Whether a failure of the present attempt leaves another one. */
export const mayRetry = (context: ExperimentContext, event: ExperimentEvent, stage: Stage): boolean =>
  isCurrent(context, event, stage) && 'kind' in event && event.kind === 'retryable' && hasTriesLeft(context, stage);

/** Whether the present training was lost with its runner. */
export const wasLost = (context: ExperimentContext, event: ExperimentEvent): boolean =>
  event.type === 'TRAINING_FAILED' &&
  isCurrent(context, event, 'training') &&
  event.kind === 'retryable' &&
  event.reason.code !== 'environment' &&
  context.losses < tolerableLosses;
