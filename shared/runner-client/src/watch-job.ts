import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceError } from '@grpc/grpc-js';
import type { RunnerServiceClient, WatchResponse } from './gen/asi/runner/v1/runner.ts';
import type { JobEvent } from './job-event.ts';
import type { JobId } from './job-spec.ts';
import type { WatchOptions } from './runner-client.ts';
import { isRunnerError, runnerError } from './runner-error.ts';
import { unaryCall } from './unary-call.ts';
import { required } from './wire/enum-codec.ts';
import { eventFromWire } from './wire/event-conversion.ts';
import { errorFromStatus } from './wire/status-conversion.ts';

export type WatchTimers = {
  /** Without an event or heartbeat for this long the stream counts as broken. */
  idleMilliseconds: number;
  /** Pause before the first new attempt; doubles up to 20 times itself. */
  reattachMilliseconds: number;
  /** Gives up after this long without any message, and throws the last fault. */
  giveUpMilliseconds: number;
};

/** One stream, until it ends or breaks. A broken or silent one throws a retryable `RunnerError`. */
async function* oneStream(
  service: RunnerServiceClient,
  address: string,
  jobId: JobId,
  afterSeq: number,
  idleMilliseconds: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchResponse> {
  const call = service.watch({ jobId, afterSeq: BigInt(afterSeq) });
  const cancel = () => call.cancel();
  call.on('error', () => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  // The timer runs only while waiting for the runner: a slow reader is not a silent runner.
  let idle = setTimeout(cancel, idleMilliseconds);
  let ended = false;
  try {
    for await (const response of call as AsyncIterable<WatchResponse>) {
      clearTimeout(idle);
      yield response;
      idle = setTimeout(cancel, idleMilliseconds);
    }
    ended = true;
  } catch (error) {
    if (isRunnerError(error)) throw error;
    throw errorFromStatus(error as ServiceError, address, signal?.aborted ?? false);
  } finally {
    clearTimeout(idle);
    signal?.removeEventListener('abort', cancel);
    // Not after a regular end: a server closes the connection of a client that resets too many streams (1,000 at once, then 33 a second).
    if (!ended) call.cancel();
  }
}

const cancelled = () => runnerError('call-cancelled', 'the watch was cancelled by its caller');

/** Follows a job across broken streams. Invariant: `last` is the sequence number of the last event yielded. */
export async function* watchJob(
  service: RunnerServiceClient,
  address: string,
  timers: WatchTimers,
  jobId: JobId,
  options: WatchOptions = {},
): AsyncGenerator<JobEvent> {
  const { signal, onHeartbeat } = options;
  let last = options.afterSeq ?? 0;
  let lastMessage = Date.now();
  let pause = timers.reattachMilliseconds;
  let finished = false;
  while (!finished) {
    if (signal?.aborted) throw cancelled();
    try {
      for await (const response of oneStream(service, address, jobId, last, timers.idleMilliseconds, signal)) {
        pause = timers.reattachMilliseconds;
        const event = eventFromWire(required('the event of a watch', response.event));
        if (event === null) onHeartbeat?.();
        else if (event.seq > last) {
          last = event.seq;
          yield event;
          finished = event.event.type === 'finished';
        }
        lastMessage = Date.now();
      }
      if (finished) return;
      // The stream ended well without `finished`: all of it had been seen before, or the runner is stopping.
      if (!(await stillToCome(service, address, jobId, last, signal))) return;
    } catch (error) {
      if (finished) return;
      if (!isRunnerError(error) || error.kind !== 'retryable') throw error;
      if (Date.now() - lastMessage > timers.giveUpMilliseconds) throw error;
    }
    await sleep(pause, undefined, signal ? { signal } : {}).catch(() => undefined);
    pause = Math.min(pause * 2, timers.reattachMilliseconds * 20);
  }
}

/** Whether the job has, or may yet get, events after `last`. */
const stillToCome = async (
  service: RunnerServiceClient,
  address: string,
  jobId: JobId,
  last: number,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const { job } = await unaryCall(address, 5_000, signal, service.get.bind(service, { jobId }));
  return job?.state !== 'JOB_STATE_FINISHED' || job.lastSeq > BigInt(last);
};
