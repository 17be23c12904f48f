import { type ServiceError, status } from '@grpc/grpc-js';
import { RunnerError, type RunnerErrorCode } from '../runner-error.ts';

const codes: Record<RunnerErrorCode, status> = {
  'runner-unreachable': status.UNAVAILABLE,
  'runner-stopping': status.UNAVAILABLE,
  'runner-deadline': status.DEADLINE_EXCEEDED,
  'runner-protocol': status.INVALID_ARGUMENT,
  'job-unknown': status.NOT_FOUND,
  'job-conflict': status.ALREADY_EXISTS,
  'job-invalid': status.INVALID_ARGUMENT,
  'job-stale-token': status.ABORTED,
  'isolation-insufficient': status.FAILED_PRECONDITION,
  'call-cancelled': status.CANCELLED,
};

/** What a server answers for one of our errors. */
export const errorToStatus = (error: RunnerError): { code: status; details: string } => ({
  code: codes[error.code],
  details: error.message,
});

/** Every connection fault is retryable; code 1 is one too unless the caller's own signal was aborted. */
export const errorFromStatus = (error: ServiceError, address: string, abortedByUs: boolean): RunnerError => {
  const cause = { cause: error };
  switch (error.code) {
    case status.NOT_FOUND:
      return new RunnerError('terminal', 'job-unknown', error.details, cause);
    case status.ALREADY_EXISTS:
      return new RunnerError('terminal', 'job-conflict', error.details, cause);
    case status.INVALID_ARGUMENT:
      return new RunnerError('terminal', 'job-invalid', error.details, cause);
    case status.ABORTED:
      return new RunnerError('terminal', 'job-stale-token', error.details, cause);
    case status.FAILED_PRECONDITION:
      return new RunnerError('terminal', 'isolation-insufficient', error.details, cause);
    case status.UNIMPLEMENTED:
      return new RunnerError('terminal', 'runner-protocol', `${address} is no runner of this version`, cause);
    case status.DEADLINE_EXCEEDED:
      return new RunnerError('retryable', 'runner-deadline', `the runner at ${address} did not answer in time`, cause);
    default:
      return abortedByUs
        ? new RunnerError('cancelled', 'call-cancelled', 'the call was cancelled by its caller', cause)
        : new RunnerError(
            'retryable',
            'runner-unreachable',
            `no connection to the runner at ${address}; start it or check the address (${error.details})`,
            cause,
          );
  }
};
