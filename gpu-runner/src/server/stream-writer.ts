import type { ServerWritableStream } from '@grpc/grpc-js';

/** Resolves when the client has taken enough for more to be written, or is gone. */
export const drain = <Request, Response>(
  call: ServerWritableStream<Request, Response>,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
