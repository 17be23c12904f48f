import { messageOf } from '@asi/contracts';
import {
  type Capabilities,
  capabilitiesToWire,
  errorToStatus,
  eventToWire,
  finishedToWire,
  isRunnerError,
  jobIdFromWire,
  jobSpecFromWire,
  jobToWire,
  runnerError,
  type runnerProtocol,
  stateCodec,
} from '@asi/runner-client';
import { type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { followEvents } from '../ledger/follow-events.ts';
import type { JobLedger } from '../ledger/job-ledger.ts';
import { jobOf } from '../ledger/job-record.ts';
import { lastEvent } from '../ledger/last-event.ts';
import type { Supervisor } from '../queue/supervisor.ts';
import { listJobs } from './list-jobs.ts';
import { drain } from './stream-writer.ts';

type WatchCall = Parameters<runnerProtocol.RunnerServiceServer['watch']>[0];

export type ServiceOptions = {
  ledger: JobLedger;
  supervisor: Supervisor;
  capabilities: () => Capabilities;
  log: Logger;
  /** Aborted when open streams are to end. */
  stopping: AbortSignal;
  heartbeatMilliseconds?: number;
};

const defaultGraceMilliseconds = 5_000;

/** The gRPC face of ledger and supervisor. */
export const createRunnerService = (options: ServiceOptions): runnerProtocol.RunnerServiceServer => {
  const { ledger, supervisor, log } = options;
  const statusOf = (error: unknown) => {
    if (isRunnerError(error)) return errorToStatus(error);
    log.error({ error: messageOf(error) }, 'call failed');
    return { code: status.INTERNAL, details: messageOf(error) };
  };
  const unary =
    <Request, Response>(answer: (request: Request) => Response | Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      Promise.resolve(call.request)
        .then(answer)
        .then(
          (response) => callback(null, response),
          (error) => callback(statusOf(error)),
        );
    };

  const watch = async (call: WatchCall, signal: AbortSignal): Promise<void> => {
    const jobId = jobIdFromWire(call.request.jobId);
    const afterSeq = Number(call.request.afterSeq);
    const heartbeat = options.heartbeatMilliseconds ?? 10_000;
    for await (const event of followEvents(ledger, jobId, afterSeq, heartbeat, signal)) {
      const { lastSeq, state } = ledger.get(jobId);
      const message = event
        ? eventToWire(event)
        : {
            seq: BigInt(lastSeq),
            time: new Date().toISOString(),
            event: { $case: 'heartbeat' as const, value: { state: stateCodec.toWire(state) } },
          };
      if (!call.write({ event: message })) await drain(call, signal);
    }
    if (options.stopping.aborted && ledger.get(jobId).state !== 'finished') {
      throw runnerError('runner-stopping', 'the runner is stopping; watch again when it is back');
    }
  };

  return {
    submit: unary((request: runnerProtocol.SubmitRequest) => {
      if (request.spec === undefined) throw runnerError('job-invalid', 'a job needs a specification');
      const { existed, job } = supervisor.submit(jobIdFromWire(request.jobId), jobSpecFromWire(request.spec));
      return { existed, job: jobToWire(job) };
    }),
    watch: (call) => {
      const gone = new AbortController();
      call.on('cancelled', () => gone.abort());
      call.on('error', () => gone.abort());
      watch(call, AbortSignal.any([gone.signal, options.stopping])).then(
        () => call.end(),
        (error) => call.emit('error', statusOf(error)),
      );
    },
    cancel: unary((request: runnerProtocol.CancelRequest) => {
      const { grace, token } = request;
      const milliseconds =
        grace === undefined ? defaultGraceMilliseconds : Number(grace.seconds) * 1000 + grace.nanos / 1e6;
      const { accepted, job } = supervisor.cancel(jobIdFromWire(request.jobId), token, Math.max(0, milliseconds));
      return { accepted, job: jobToWire(job) };
    }),
    get: unary(async (request: runnerProtocol.GetRequest) => {
      const jobId = jobIdFromWire(request.jobId);
      const finished = await lastEvent(ledger, jobId);
      return { job: jobToWire(jobOf(ledger.get(jobId))), finished: finished ? finishedToWire(finished) : undefined };
    }),
    list: unary((request: runnerProtocol.ListRequest) => listJobs(ledger, request)),
    capabilities: unary(() => capabilitiesToWire(options.capabilities())),
  };
};
