/**
 * How long does a person wait, and what does the house cost at rest?
 *
 * Run: `node test/bench/start-up.ts [--rounds 3] [--rest-seconds 15]` with everything installed. Each round is `npm start` on a
 * fresh state folder until the first training step is reported by the runner, then Ctrl-C. The same for further campaigns, on
 * a state folder in which one has ended: they train no baselines, so their first training waits for a design and its
 * certificate. After that the stack is started without a campaign and left alone: memory and processor time at rest. Exits 1
 * when the first step on a fresh state folder takes longer than 10 s.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack } from '../../services/lab/src/stack/start-stack.ts';
import { repository } from '../support/asi-command.ts';
import { memoryOf, processorSeconds } from './support/processor-time.ts';
import { readOptions } from './support/read-options.ts';

const goalSeconds = 10;
const limitSeconds = 120;

const values = readOptions(import.meta.url, {
  rounds: { type: 'string', default: '3' },
  'rest-seconds': { type: 'string', default: '15' },
});
const rounds = Number(values.rounds);
const median = await measure('npm start to first training step', rounds, () => withFolder((home) => firstStep(home)));
await withFolder(async (home) => {
  const file = join(home, 'small.yaml');
  writeFileSync(file, 'suite: cpu-smoke\nbudget: { candidates: 1 }\nconfirmation: { best: 0 }\n');
  const [code] = await once(start(home, ['--campaign', file]), 'exit');
  if (code !== 0) throw new Error(`the campaign before the further ones ended with ${code}`);
  await measure('a further campaign to its first training step', rounds, () =>
    withFolder((copy) => {
      cpSync(home, copy, { recursive: true });
      return firstStep(copy, ['--campaign', file]);
    }),
  );
});
await atRest(Number(values['rest-seconds']));
process.exit(median <= goalSeconds ? 0 : 1);

async function measure(what: string, times: number, wait: () => Promise<number>): Promise<number> {
  const waits: number[] = [];
  for (let round = 0; round < times; round++) waits.push(await wait());
  const middle = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Number.NaN;
  const each = waits.map((one) => one.toFixed(1)).join(', ');
  process.stdout.write(`${what}: ${middle.toFixed(1)} s, median of ${each} (goal ${goalSeconds} s)\n`);
  return middle;
}

async function withFolder<Result>(use: (home: string) => Promise<Result>): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'asi-start-up-'));
  try {
    return await use(home);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function start(home: string, options: readonly string[]): ChildProcess {
  return spawn('npm', ['start', '--', ...options], {
    cwd: repository,
    env: { ...process.env, ASI_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
}

/** Seconds from `npm start` to the first step of a training that was not there before; then Ctrl-C. */
async function firstStep(home: string, options: readonly string[] = []): Promise<number> {
  const jobs = join(home, 'runners/gpu-runner/jobs');
  const before = existsSync(jobs) ? readdirSync(jobs) : [];
  const begun = performance.now();
  const child = start(home, options);
  const ended = once(child, 'exit');
  try {
    while (!hasTrained(jobs, before)) {
      if (performance.now() - begun > limitSeconds * 1000) throw new Error(`no training step within ${limitSeconds} s`);
      if (child.exitCode !== null) throw new Error('npm start ended before a training step');
      await sleep(20);
    }
    return (performance.now() - begun) / 1000;
  } finally {
    // As Ctrl-C in a terminal: the whole group hears it.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

/** True when a job that is not among those `before` has reported a step of a training. */
function hasTrained(folder: string, before: readonly string[]): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((job) => {
    if (before.includes(job)) return false;
    const events = join(folder, job, 'events.jsonl');
    return existsSync(events) && readFileSync(events, 'utf8').includes('"type":"metric"');
  });
}

async function atRest(seconds: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'asi-at-rest-'));
  const stack = await startStack({ env: { ...process.env, ASI_HOME: home } });
  try {
    await stack.ready();
    await sleep(5_000);
    const pids = () => stack.states().flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
    const used = () => pids().reduce((total, { pid }) => total + processorSeconds(pid), 0);
    const before = used();
    await sleep(seconds * 1000);
    const share = (used() - before) / seconds;
    const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
    const rows = pids()
      .map(({ name, pid }) => ({ name, ...memoryOf(pid) }))
      .sort((a, b) => b.proportional - a.proportional);
    const whole = rows.reduce((total, { proportional }) => total + proportional, 0);
    process.stdout.write(
      `at rest: ${megabytes(whole)} MiB in ${rows.length} processes (shared pages counted once), ${(100 * share).toFixed(1)} % of one processor\n` +
        `${rows.map(({ name, resident, proportional }) => `  ${name.padEnd(12)} ${megabytes(proportional).padStart(5)} MiB (resident ${megabytes(resident)})`).join('\n')}\n`,
    );
  } finally {
    await stack.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
