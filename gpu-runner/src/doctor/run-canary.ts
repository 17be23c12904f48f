import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Canaries } from './canaries.ts';

const reportSchema = z.record(z.string(), z.object({ worked: z.boolean(), detail: z.string() }));
export type CanaryReport = z.output<typeof reportSchema>;

const program = readFileSync(join(import.meta.dirname, 'canary.py'), 'utf8');

/** Enough for Python to start in, and what it then asks for: small, so that the proof costs the machine neither memory nor time. */
export const memoryOfProof = 32 * 2 ** 20;
const growing = `print('started', flush=True); taken = b'x' * ${1.5 * memoryOfProof}; print('worked')`;

type Ended = { output: string; faults: string; how: number | NodeJS.Signals | null };

const run = (
  [command = '', ...args]: string[],
  environment: Record<string, string>,
  descriptor: number | 'ignore',
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const options = { env: environment, timeout: 30_000, killSignal: 'SIGKILL' as const };
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', descriptor] });
    let [output, faults] = ['', ''];
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      faults += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      removeFolderOf(child.pid);
      resolve({ output, faults, how: signal ?? code });
    });
  });

const faultOf = ({ faults, how }: Ended): Error => new Error(faults.trim().split('\n').at(-1) || `ended with ${how}`);

/** The output of a program; errors carry what it wrote on standard error. */
export const outputOf = async (
  argv: string[],
  environment: Record<string, string>,
  descriptor: number | 'ignore',
): Promise<string> => {
  const ended = await run(argv, environment, descriptor);
  if (ended.how !== 0) throw faultOf(ended);
  return ended.output;
};

/** The launcher's temporary folder of a process with a user of its own (landlock.go, ownFolder). */
const removeFolderOf = (pid: number | undefined): void => {
  for (const folder of globSync(`/tmp/asi-worker-*-${pid}`)) rmSync(folder, { recursive: true, force: true });
};

/** Runs the canary program behind a launcher (none: the negative control) and says which attacks worked. */
export const runCanary = async (launcher: string[], python: string, canaries: Canaries): Promise<CanaryReport> => {
  const argv = [...launcher, python, '-c', program, JSON.stringify(canaries.description)];
  const environment = { PATH: process.env.PATH ?? '/usr/bin:/bin', ...canaries.environment };
  return reportSchema.parse(JSON.parse(await outputOf(argv, environment, canaries.descriptor)));
};

/** Whether a program outgrows the launcher's limit of memory, which is `memoryOfProof` here. It is killed where the limit holds. */
export const runGrowth = async (launcher: string[], python: string): Promise<CanaryReport> => {
  const ended = await run([...launcher, python, '-I', '-S', '-c', growing], {}, 'ignore');
  const [started, worked] = ended.output.split('\n');
  if (started !== 'started') throw faultOf(ended);
  return { 'limits.memory': { worked: worked === 'worked', detail: ended.how === 0 ? '' : `ended with ${ended.how}` } };
};
