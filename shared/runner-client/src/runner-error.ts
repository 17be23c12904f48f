/** terminal: repeating it will fail again. retryable: try again later. cancelled: the caller's own signal. paused: held on purpose. */
export type ErrorKind = 'terminal' | 'retryable' | 'cancelled' | 'paused';

export type RunnerErrorCode =
  | 'runner-unreachable'
  | 'runner-stopping'
  | 'runner-deadline'
  | 'runner-protocol'
  | 'job-unknown'
  | 'job-conflict'
  | 'job-invalid'
  | 'job-stale-token'
  | 'isolation-insufficient'
  | 'call-cancelled';

/** The only error this package throws. `message` says what to do. */
export class RunnerError extends Error {
  readonly kind: ErrorKind;
  readonly code: RunnerErrorCode;

  constructor(kind: ErrorKind, code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RunnerError';
    this.kind = kind;
    this.code = code;
  }
}
