import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobId, jobIdSchema } from '@asi/runner-client';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { markVariable, processesOf } from '../process/end-processes.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { openJobLedger } from './job-ledger.ts';
import { recoverJobs } from './recover-jobs.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-recover-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let time = 0;
const clock = { now: () => new Date(time * 1000) };
const open = () => openJobLedger(home, { clock, durable: false });
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const provenance = {
  isolationTier: 0,
  isolationHash: '',
  recipe: 'none',
  versions: { runner: '', trainer: '', torch: '', python: '' },
};

it('counts no time in which the machine was off as time that a lost job ran', async () => {
  const before = open();
  const ids = ['dead', 'silent', 'alive'].map((name) => jobIdSchema.parse(name));
  const [dead, silent, alive] = ids as [JobId, JobId, JobId];
  for (const [slot, id] of ids.entries()) {
    before.submit(id, exampleSpec('none'));
    // A trainer that waited for its job was marked before it had one.
    before.launch(id, {
      process: null,
      slot,
      started: at(1),
      ...(id === alive && { mark: `${before.id}/standby-1-1` }),
    });
  }
  time = 13;
  before.append(dead, { type: 'log', level: 'info', text: 'the last thing it said' });
  before.close();

  const orphan = spawn('sleep', ['600'], { env: { ...process.env, [markVariable]: `${before.id}/standby-1-1` } });
  const ended = once(orphan, 'exit');
  await expect.poll(() => processesOf(null, `${before.id}/`)).toEqual([orphan.pid]);
  time = 8 * 3600;
  const after = open();
  expect(await recoverJobs(after, clock, pino({ enabled: false }), provenance)).toBe(3);
  await ended;
  const finished = (id: JobId) => after.get(id).times.finished;
  expect([finished(dead), finished(silent), finished(alive)]).toEqual([at(13), at(1), at(time)]);
  after.close();
});
