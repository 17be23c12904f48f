import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@asi/contracts';
import { jobIdSchema, runnerProtocol } from '@asi/runner-client';
import { credentials } from '@grpc/grpc-js';
import pino from 'pino';
import { expect, it } from 'vitest';
import { openJobLedger } from '../ledger/job-ledger.ts';
import { createSupervisor } from '../queue/supervisor.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { listen } from './listen.ts';
import { createRunnerService } from './runner-service.ts';

const total = 20_000;

it('does not collect events in memory for a reader that does not read', async () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-back-pressure-'));
  const ledger = openJobLedger(home, { clock: systemClock, durable: false });
  const log = pino({ level: 'silent' });
  const provenance = {
    isolationTier: 0,
    isolationHash: '',
    recipe: 'none',
    versions: { runner: '', trainer: '', torch: '', python: '' },
  };
  const supervisor = createSupervisor({
    ledger,
    slots: { train: 1, certify: 1, probe: 1 },
    clock: systemClock,
    log,
    admit: () => undefined,
    provenance,
    executor: {
      run: ({ onLaunch, onEvent }) => {
        onLaunch(null);
        for (let index = 0; index < total - 1; index += 1) {
          onEvent({ type: 'log', level: 'info', text: `${index} ${'x'.repeat(200)}` });
        }
        return { outcome: Promise.resolve({ status: 'cancelled', message: 'enough' }), stop: () => undefined };
      },
    },
  });
  const stopping = new AbortController();
  const capabilities = () => {
    throw new Error('not asked for here');
  };
  const service = createRunnerService({ ledger, supervisor, log, stopping: stopping.signal, capabilities });
  let written = 0;
  const counting: runnerProtocol.RunnerServiceServer = {
    ...service,
    watch: (call) => {
      const write = call.write.bind(call);
      call.write = (...args: unknown[]) => {
        written += 1;
        return Reflect.apply(write, call, args);
      };
      service.watch(call);
    },
  };
  const listener = await listen(counting, '127.0.0.1:0');
  const client = new runnerProtocol.RunnerServiceClient(listener.address, credentials.createInsecure());
  const jobId = jobIdSchema.parse('flood');
  supervisor.submit(jobId, exampleSpec('none'));
  await expect.poll(() => ledger.get(jobId).state).toBe('finished');

  const call = client.watch({ jobId, afterSeq: 0n });
  await new Promise((resolve) => call.once('readable', resolve));
  let before = -1;
  await expect
    .poll(
      () => {
        const quiet = written === before;
        before = written;
        return quiet;
      },
      { interval: 100 },
    )
    .toBe(true);
  expect(written).toBeLessThan(total / 4);

  const seen: number[] = [];
  for await (const { event } of call as AsyncIterable<runnerProtocol.WatchResponse>) seen.push(Number(event?.seq));
  expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  client.close();
  await listener.close(100);
  ledger.close();
  rmSync(home, { recursive: true });
});
