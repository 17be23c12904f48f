import { type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js';
import { runnerError } from './runner-error.ts';
import { errorFromStatus } from './wire/status-conversion.ts';

type Answer<T> = (error: ServiceError | null, response: T) => void;
type Start<T> = (metadata: Metadata, options: { deadline: number }, answer: Answer<T>) => ClientUnaryCall;

/** One request and one answer as a promise, with a deadline and the caller's signal. Errors: `RunnerError`. */
export const unaryCall = <T>(
  address: string,
  deadlineMilliseconds: number,
  signal: AbortSignal | undefined,
  start: Start<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(runnerError('call-cancelled', 'the call was cancelled by its caller'));
      return;
    }
    const abort = () => call.cancel();
    const call = start(new Metadata(), { deadline: Date.now() + deadlineMilliseconds }, (error, response) => {
      signal?.removeEventListener('abort', abort);
      if (error === null) resolve(response);
      else reject(errorFromStatus(error, address, signal?.aborted ?? false));
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
