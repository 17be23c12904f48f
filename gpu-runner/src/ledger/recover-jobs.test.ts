import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobId, jobIdSchema } from '@asi/runner-client';
import { pino } from 'pino';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { markVariable, processesOf } from '../process/end-processes.ts';
import { exampleSpec } from '../testing/example-spec.ts';
import { openJobLedger } from './job-ledger.ts';
import { recoverJobs } from './recover-jobs.ts';

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

let time = 0;
const clock = { now: () => new Date(time * 1000) };
const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'asi-recover-'));
  homes.push(home);
  return home;
};
const open = (home: string) => openJobLedger(home, { clock, durable: false });
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const provenance = {
  isolationTier: 0,
  isolationHash: '',
  recipe: 'none',
  versions: { runner: '', trainer: '', torch: '', python: '' },
};

/** A process with this mark, as a runner that died leaves it. */
const leaveRunning = async (mark: string) => {
  const orphan = spawn('sleep', ['600'], { env: { ...process.env, [markVariable]: mark } });
  onTestFinished(() => void orphan.kill('SIGKILL'));
  const ended = once(orphan, 'exit');
  await expect.poll(() => processesOf(null, mark)).toEqual([orphan.pid]);
  return { orphan, ended };
};

it('counts no time in which the machine was off as time that a lost job ran', async () => {
  const home = newHome();
  const before = open(home);
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

  const { ended } = await leaveRunning(`${before.id}/standby-1-1`);
  time = 8 * 3600;
  const after = open(home);
  expect(await recoverJobs(after, clock, pino({ enabled: false }), provenance)).toBe(3);
  await ended;
  const finished = (id: JobId) => after.get(id).times.finished;
  expect([finished(dead), finished(silent), finished(alive)]).toEqual([at(13), at(1), at(time)]);
  after.close();
});

it('kills what no job that ran accounts for (a trainer that waited for one, what a finished one left), and nothing of another ledger', async () => {
  const ledger = open(newHome());
  const id = jobIdSchema.parse('finished');
  ledger.submit(id, exampleSpec('none'));
  ledger.launch(id, { process: null, slot: 0, started: at(1) });
  ledger.append(id, {
    type: 'finished',
    outcome: { status: 'cancelled', message: 'enough' },
    provenance: { ...provenance, origin: 'grammar', device: 'cpu' },
    times: { ...ledger.get(id).times, finished: at(2) },
  });
  const { orphan: foreign } = await leaveRunning(`another-${ledger.id}/standby-2-1`);
  await leaveRunning(`${ledger.id}/standby-2-1`);
  await leaveRunning(`${ledger.id}/${id}`);
  expect(await recoverJobs(ledger, clock, pino({ enabled: false }), provenance)).toBe(0);
  expect(processesOf(null, `${ledger.id}/`)).toEqual([]);
  expect(processesOf(null, `another-${ledger.id}/`)).toEqual([foreign.pid]);
  ledger.close();
});
