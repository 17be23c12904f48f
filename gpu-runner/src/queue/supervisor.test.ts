import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@asi/contracts';
import { jobIdSchema } from '@asi/runner-client';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openJobLedger } from '../ledger/job-ledger.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { createSupervisor } from './supervisor.ts';

it('runs jobs on where nothing can be made ready for the next one: a full disk must not end the runner', async () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-supervisor-'));
  const ledger = openJobLedger(home, { clock: systemClock, durable: false });
  onTestFinished(() => {
    ledger.close();
    rmSync(home, { recursive: true });
  });
  let asked = 0;
  const supervisor = createSupervisor({
    ledger,
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
    executor: {
      run: ({ onLaunch }) => {
        onLaunch(null);
        return { outcome: Promise.resolve({ status: 'cancelled', message: 'enough' }), stop: () => undefined };
      },
      prepare: () => {
        asked += 1;
        throw new Error('ENOSPC: no space left on device');
      },
    },
  });
  const [certificate, training] = ['certificate', 'training'].map((name) => jobIdSchema.parse(name));
  if (!certificate || !training) return;
  supervisor.submit(certificate, exampleSpec('none', { kind: 'certify' }));
  await expect.poll(() => ledger.get(certificate).state).toBe('finished');
  supervisor.submit(training, exampleSpec('none'));
  await expect.poll(() => ledger.get(training).state).toBe('finished');
  expect(asked).toBe(1);
});
