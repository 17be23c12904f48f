import { type ChannelOptions, credentials } from '@grpc/grpc-js';
import { RunnerServiceClient } from './gen/asi/runner/v1/runner.ts';
import type { Job } from './job.ts';
import type { FinishedEvent } from './job-event.ts';
import type { RunnerClient } from './runner-client.ts';
import { runnerError } from './runner-error.ts';
import { unaryCall } from './unary-call.ts';
import { type WatchTimers, watchJob } from './watch-job.ts';
import { required } from './wire/enum-codec.ts';
import { finishedFromWire } from './wire/event-conversion.ts';
import { capabilitiesFromWire, jobFromWire, jobSpecToWire, stateCodec } from './wire/job-conversion.ts';

export type ConnectOptions = Partial<WatchTimers> & {
  /** Deadline of every call but `watch`. Default 5 s. */
  deadlineMilliseconds?: number;
};

// Pings more often than every 30 s are punished by some servers and proxies; messages hold a whole train result with its raw arrays.
const channelOptions: ChannelOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 15_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 400,
};

const addressOf = (url: string): string =>
  url
    .trim()
    .replace(/^(grpc|http):\/\//, '')
    .replace(/\/$/, '');

/**
 * A client of the runner at `url` (`grpc://host:port` or `host:port`). Connects when first used, reconnects by itself, and holds no
 * state that matters: any process may continue where another one stopped.
 */
export const connectRunner = (url: string, options: ConnectOptions = {}): RunnerClient => {
  const address = addressOf(url);
  const deadline = options.deadlineMilliseconds ?? 5_000;
  const timers: WatchTimers = {
    idleMilliseconds: options.idleMilliseconds ?? 30_000,
    reattachMilliseconds: options.reattachMilliseconds ?? 100,
    giveUpMilliseconds: options.giveUpMilliseconds ?? 120_000,
  };
  const service = new RunnerServiceClient(address, credentials.createInsecure(), channelOptions);
  const job = (message: Parameters<typeof jobFromWire>[0] | undefined): Job =>
    jobFromWire(required('the job', message));

  const client: RunnerClient = {
    submit: async (jobId, spec, { signal } = {}) => {
      const request = { jobId, spec: jobSpecToWire(spec) };
      const answer = await unaryCall(address, deadline, signal, service.submit.bind(service, request));
      return { existed: answer.existed, job: job(answer.job) };
    },
    watch: (jobId, watchOptions) => watchJob(service, address, timers, jobId, watchOptions),
    untilFinished: async (jobId, watchOptions) => {
      let finished: FinishedEvent | null = null;
      for await (const { event } of client.watch(jobId, watchOptions)) {
        if (event.type === 'finished') finished = event;
      }
      finished ??= (await client.get(jobId)).finished;
      if (finished !== null) return finished;
      throw runnerError('runner-protocol', `the runner ended the stream of ${jobId} before its end`);
    },
    cancel: async (jobId, { token, graceSeconds }, { signal } = {}) => {
      const grace =
        graceSeconds === undefined
          ? undefined
          : { seconds: BigInt(Math.floor(graceSeconds)), nanos: Math.round((graceSeconds % 1) * 1e9) };
      const request = { jobId, token, grace };
      const answer = await unaryCall(address, deadline, signal, service.cancel.bind(service, request));
      return { accepted: answer.accepted, job: job(answer.job) };
    },
    get: async (jobId, { signal } = {}) => {
      const answer = await unaryCall(address, deadline, signal, service.get.bind(service, { jobId }));
      return { job: job(answer.job), finished: answer.finished ? finishedFromWire(answer.finished) : null };
    },
    list: async ({ labels = {}, states = [] } = {}, { signal } = {}) => {
      const jobs: Job[] = [];
      let pageToken = '';
      do {
        const request = { labels, states: states.map(stateCodec.toWire), pageToken, pageSize: 1000 };
        const page = await unaryCall(address, deadline, signal, service.list.bind(service, request));
        jobs.push(...page.jobs.map(jobFromWire));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return jobs;
    },
    capabilities: async ({ signal } = {}) =>
      capabilitiesFromWire(await unaryCall(address, deadline, signal, service.capabilities.bind(service, {}))),
    close: () => service.close(),
  };
  return client;
};
