import { type AsiError, cancelled, isAsiError, retryable, terminal } from '@asi/contracts';

const kinds = {
  'runner-unreachable': retryable,
  'runner-stopping': retryable,
  'runner-deadline': retryable,
  'runner-full': retryable,
  'runner-protocol': terminal,
  'job-unknown': terminal,
  'job-conflict': terminal,
  'job-invalid': terminal,
  'job-stale-token': terminal,
  'isolation-insufficient': terminal,
  'call-cancelled': cancelled,
} as const;

export type RunnerErrorCode = keyof typeof kinds;

/** What the client throws, and what the server answers with a status. The code decides the kind; the message says what to do. */
export type RunnerError = AsiError & { readonly code: RunnerErrorCode };

export const runnerError = (code: RunnerErrorCode, message: string, cause?: unknown): RunnerError =>
  kinds[code](code, message, cause === undefined ? {} : { cause }) as RunnerError;

export const isRunnerError = (error: unknown): error is RunnerError => isAsiError(error) && error.code in kinds;
