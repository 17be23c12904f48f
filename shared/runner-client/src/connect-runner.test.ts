import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, expect, it } from 'vitest';
import { type ConnectOptions, connectRunner } from './connect-runner.ts';
import type { JobEvent } from './job-event.ts';
import { jobIdSchema } from './job-spec.ts';
import type { RunnerClient } from './runner-client.ts';
import { eventToWire } from './wire/event-conversion.ts';
import * as wire from './wire/index.ts';

const jobId = jobIdSchema.parse('job');
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

type WatchCall = Parameters<wire.RunnerServiceServer['watch']>[0];

/** A server whose streams misbehave as told: the n-th stream gets the n-th behaviour, later ones the last. */
const brokenRunner = async (
  streams: ((call: WatchCall) => void)[],
  options: ConnectOptions = {},
): Promise<{ client: RunnerClient; asked: bigint[] }> => {
  const asked: bigint[] = [];
  const service: wire.RunnerServiceServer = {
    submit: () => undefined,
    cancel: () => undefined,
    list: () => undefined,
    capabilities: () => undefined,
    get: (_call, callback) => callback({ code: status.UNAVAILABLE, details: 'not now' }),
    watch: (call) => {
      call.on('error', () => undefined);
      asked.push(call.request.afterSeq);
      streams[Math.min(asked.length, streams.length) - 1]?.(call);
    },
  };
  const server = new Server();
  server.addService(wire.RunnerServiceService, service);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = connectRunner(`grpc://127.0.0.1:${port}`, { reattachMilliseconds: 1, ...options });
  cleanUp.push(
    () => client.close(),
    () => server.forceShutdown(),
  );
  return { client, asked };
};

const log = (seq: number): JobEvent => ({
  seq,
  time: new Date(0).toISOString(),
  event: { type: 'log', level: 'info', text: String(seq) },
});
const lost = (seq: number): JobEvent => ({
  seq,
  time: new Date(0).toISOString(),
  event: {
    type: 'finished',
    outcome: { status: 'lost', message: '' },
    provenance: {
      isolationTier: 0,
      isolationHash: '',
      recipe: '',
      origin: 'grammar',
      device: 'cpu',
      versions: { runner: '', trainer: '', torch: '', python: '' },
    },
    times: { queued: new Date(0).toISOString(), started: null, working: null, finished: null },
  },
});
const send = (call: WatchCall, ...events: JobEvent[]) => {
  for (const event of events) call.write({ event: eventToWire(event) });
};
const heartbeat = (call: WatchCall) =>
  call.write({
    event: {
      seq: 0n,
      time: new Date(0).toISOString(),
      event: { $case: 'heartbeat', value: { state: 'JOB_STATE_RUNNING' } },
    },
  });
const seen = async (events: AsyncIterable<JobEvent>): Promise<number[]> => {
  const all: number[] = [];
  for await (const { seq } of events) all.push(seq);
  return all;
};

it('attaches again after the last event it has seen when a stream falls silent, breaks or just ends', async () => {
  const { client, asked } = await brokenRunner(
    [
      (call) => send(call, log(1), log(2)),
      (call) => {
        send(call, log(3));
        call.emit('error', { code: status.UNAVAILABLE, details: 'gone' });
      },
      (call) => call.emit('error', { code: status.CANCELLED, details: 'the server was shut down by force' }),
      (call) => {
        send(call, log(4));
        call.end();
      },
      (call) => {
        send(call, log(3), log(4), lost(5));
        call.end();
      },
    ],
    // Long enough that a busy machine does not take what is still under way for silence.
    { idleMilliseconds: 1500 },
  );
  expect(await seen(client.watch(jobId))).toEqual([1, 2, 3, 4, 5]);
  expect(asked).toEqual([0n, 2n, 3n, 3n, 4n]);
});

it('does not take a long silence with heartbeats for a broken stream', async () => {
  const { client, asked } = await brokenRunner(
    [
      (call) => {
        let beats = 0;
        const timer = setInterval(() => {
          heartbeat(call);
          beats += 1;
          if (beats < 12) return;
          clearInterval(timer);
          send(call, lost(1));
          call.end();
        }, 50);
      },
    ],
    { idleMilliseconds: 400 },
  );
  let beats = 0;
  const onHeartbeat = () => {
    beats += 1;
  };
  expect(await seen(client.watch(jobId, { onHeartbeat }))).toEqual([1]);
  expect(beats).toBe(12);
  expect(asked).toHaveLength(1);
});

it('does not take a slow reader for a silent runner', async () => {
  const { client, asked } = await brokenRunner(
    [
      (call) => {
        send(call, log(1), lost(2));
        call.end();
      },
    ],
    { idleMilliseconds: 50 },
  );
  for await (const _ of client.watch(jobId)) await new Promise((resolve) => setTimeout(resolve, 150));
  expect(asked).toHaveLength(1);
});

it('ends a watch at once when its caller aborts it', async () => {
  const { client } = await brokenRunner([(call) => send(call, log(1))]);
  const stop = new AbortController();
  const events = client.watch(jobId, { signal: stop.signal })[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ seq: 1 });
  const next = events.next();
  stop.abort();
  await expect(next).rejects.toMatchObject({ kind: 'cancelled', code: 'call-cancelled' });
});

it('gives up on a runner that stays away, with an error that may be retried', async () => {
  const client = connectRunner('127.0.0.1:1', { reattachMilliseconds: 1, giveUpMilliseconds: 50 });
  await expect(seen(client.watch(jobId))).rejects.toMatchObject({
    kind: 'retryable',
    code: 'runner-unreachable',
    message: expect.stringContaining('127.0.0.1:1'),
  });
  client.close();
});

it('does not wait for ever for an answer', async () => {
  const { client } = await brokenRunner([], { deadlineMilliseconds: 50 });
  await expect(client.capabilities()).rejects.toMatchObject({ kind: 'retryable', code: 'runner-deadline' });
});

it('does not reset streams that ended well, for which a server closes the connection after the first thousand', async () => {
  const { client, asked } = await brokenRunner([
    (call) => {
      send(call, log(1), lost(2));
      setImmediate(() => call.end());
    },
  ]);
  for (let round = 0; round < 15; round += 1) {
    await Promise.all(Array.from({ length: 100 }, () => client.untilFinished(jobId)));
  }
  expect(asked).toHaveLength(1500);
});
