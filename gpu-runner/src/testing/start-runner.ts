import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type StartRunnerOptions = {
  /** Ledger folder; default: a new temporary folder, removed by `stop`. */
  home?: string;
  slots?: number;
  isolation?: 'auto' | 'bubblewrap' | 'none';
  /** `host:port`; default: a free port. */
  address?: string;
  /**
   * `fake` speaks the contract without torch and misbehaves on request (`# fake: hang`), `real` is the package itself, `null` starts the
   * null runner in place of the real one. Default fake.
   */
  trainer?: 'fake' | 'real' | 'null';
  environment?: Record<string, string>;
};

export type StartedRunner = {
  url: string;
  home: string;
  pid: number;
  /** SIGTERM and wait. Returns the exit code. */
  stop: () => Promise<number | null>;
  /** SIGKILL and wait. Keeps the ledger. */
  kill: () => Promise<void>;
  /** Standard output and error so far. */
  output: () => string;
};

export const fakeTrainerPath = join(import.meta.dirname, 'fake-trainer');

const entries = { fake: '../main.ts', real: '../main.ts', null: './null-runner-main.ts' } as const;

/** Starts the real runner as a process, as `lab` does, and waits until it accepts jobs. */
export const startRunner = async (options: StartRunnerOptions = {}): Promise<StartedRunner> => {
  const temporary = options.home === undefined;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'asi-runner-'));
  const addressFile = join(home, 'address');
  rmSync(addressFile, { force: true });
  const trainer = options.trainer ?? 'fake';
  const child = spawn(process.execPath, [join(import.meta.dirname, entries[trainer])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ASI_RUNNER_ADDRESS: options.address ?? '127.0.0.1:0',
      ASI_RUNNER_ADDRESS_FILE: addressFile,
      ASI_RUNNER_HOME: home,
      ASI_RUNNER_SLOTS: String(options.slots ?? 1),
      ASI_RUNNER_ISOLATION: options.isolation ?? 'none',
      ...(trainer === 'fake' ? { ASI_TRAINER_PATH: fakeTrainerPath } : {}),
      ...options.environment,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  while (!existsSync(addressFile)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the runner did not start: ${output}`);
    await sleep(20);
  }
  return {
    url: `grpc://${readFileSync(addressFile, 'utf8').trim()}`,
    home,
    pid: child.pid ?? -1,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exited;
      if (temporary) rmSync(home, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    output: () => output,
  };
};
