import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Canaries } from './canaries.ts';

const reportSchema = z.record(z.string(), z.object({ worked: z.boolean(), detail: z.string() }));
export type CanaryReport = z.output<typeof reportSchema>;

const program = readFileSync(join(import.meta.dirname, 'canary.py'), 'utf8');

/** The output of a program; errors carry what it wrote on standard error. */
export const outputOf = (
  [command = '', ...args]: string[],
  environment: Record<string, string>,
  descriptor: number | 'ignore',
): Promise<string> =>
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
      if (code === 0) resolve(output);
      else reject(new Error(faults.trim().split('\n').at(-1) || `ended with ${signal ?? code}`));
    });
  });

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
