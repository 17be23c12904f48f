import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@asi/contracts';
import { type JobOutcome, jobIdSchema } from '@asi/runner-client';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openJobLedger } from '../ledger/job-ledger.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { plausibleTrainResult } from '../testing/plausible-results.ts';
import type { Executor } from './executor.ts';
import { createSupervisor } from './supervisor.ts';

const certificate = jobIdSchema.parse('certificate');
const training = jobIdSchema.parse('training');

/** A supervisor of this executor and the ledger that it writes. */
function supervise(executor: Executor) {
  const home = mkdtempSync(join(tmpdir(), 'asi-supervisor-'));
  const ledger = openJobLedger(home, { clock: systemClock, durable: false });
  onTestFinished(() => {
    ledger.close();
    rmSync(home, { recursive: true });
  });
  const supervisor = createSupervisor({
    ledger,
    executor,
    slots: { train: 1, certify: 1, probe: 1 },
    clock: systemClock,
    log: pino({ level: 'silent' }),
    admit: () => undefined,
    provenance: {
      isolationTier: 0,
      isolationHash: '',
      recipe: 'none',
      versions: { runner: '', trainer: '', torch: '', python: '' },
    },
  });
  return { ledger, supervisor };
}

it('runs jobs on where nothing can be made ready for the next one: a full disk must not end the runner', async () => {
  let asked = 0;
  const { ledger, supervisor } = supervise({
    run: ({ onLaunch }) => {
      onLaunch(null);
      return { outcome: Promise.resolve({ status: 'cancelled', message: 'enough' }), stop: () => undefined };
    },
    prepare: () => {
      asked += 1;
      throw new Error('ENOSPC: no space left on device');
    },
  });
  supervisor.submit(certificate, exampleSpec('none', { kind: 'certify' }));
  await expect.poll(() => ledger.get(certificate).state).toBe('finished');
  supervisor.submit(training, exampleSpec('none'));
  await expect.poll(() => ledger.get(training).state).toBe('finished');
  expect(asked).toBe(1);
});

const spec = exampleSpec('none');
const result: JobOutcome = { status: 'ok', kind: 'train', result: plausibleTrainResult(spec) };
const killed: JobOutcome = { status: 'failed', reason: 'worker-killed', message: 'SIGTERM', evidence: {} };

it.each([
  { told: 'cancel', ending: result, recorded: 'ok' },
  { told: 'stop', ending: result, recorded: 'ok' },
  { told: 'cancel', ending: killed, recorded: 'cancelled' },
  { told: 'stop', ending: killed, recorded: 'lost' },
] as const)(
  'after $told, an end that is $ending.status is recorded as $recorded: a result that was ready is kept, and a program is not blamed for being told to stop',
  async ({ told, ending, recorded }) => {
    const { ledger, supervisor } = supervise({
      run: ({ onLaunch }) => {
        onLaunch(null);
        const { promise, resolve } = Promise.withResolvers<JobOutcome>();
        return { outcome: promise, stop: () => resolve(ending) };
      },
    });
    supervisor.submit(training, spec);
    await expect.poll(() => ledger.get(training).state).toBe('running');
    if (told === 'cancel') supervisor.cancel(training, spec.token, 0);
    else await supervisor.stop(0);
    await expect.poll(() => ledger.get(training).state).toBe('finished');
    expect(ledger.get(training).status).toBe(recorded);
  },
);
