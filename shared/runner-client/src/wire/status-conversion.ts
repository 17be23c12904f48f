import { type ServiceError, status } from '@grpc/grpc-js';
import { type RunnerError, type RunnerErrorCode, runnerError } from '../runner-error.ts';

const codes: Record<RunnerErrorCode, status> = {
  'runner-unreachable': status.UNAVAILABLE,
  'runner-stopping': status.UNAVAILABLE,
  'runner-deadline': status.DEADLINE_EXCEEDED,
  'runner-full': status.RESOURCE_EXHAUSTED,
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
  switch (error.code) {
    case status.NOT_FOUND:
      return runnerError('job-unknown', error.details, error);
    case status.ALREADY_EXISTS:
      return runnerError('job-conflict', error.details, error);
    case status.INVALID_ARGUMENT:
      return runnerError('job-invalid', error.details, error);
    case status.ABORTED:
      return runnerError('job-stale-token', error.details, error);
    case status.FAILED_PRECONDITION:
      return runnerError('isolation-insufficient', error.details, error);
    case status.UNIMPLEMENTED:
      return runnerError('runner-protocol', `${address} is no runner of this version`, error);
    case status.DEADLINE_EXCEEDED:
      return runnerError('runner-deadline', `the runner at ${address} did not answer in time`, error);
    case status.RESOURCE_EXHAUSTED:
      return runnerError('runner-full', error.details, error);
    default:
      return abortedByUs
        ? runnerError('call-cancelled', 'the call was cancelled by its caller', error)
        : runnerError(
            'runner-unreachable',
            `no connection to the runner at ${address}; start it, check the address, or see its log (${error.details})`,
            error,
          );
  }
};
