import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminal } from '@asi/contracts';
import { connectRunner, type RunnerClient } from '@asi/runner-client';
import { attached } from '../stack/attached-command.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { repositoryRoot } from '../stack/toolchain.ts';
import type { CliContext } from './cli-context.ts';

const startSeconds = 60;

/**
 * Lends a runner: one given by ASI_RUNNER_URL, that of the running stack, or one that is started for the duration.
 * @throws terminal `runner-not-started` with what it said last
 */
export async function withRunner<Result>(
  context: CliContext,
  use: (runner: RunnerClient) => Promise<Result>,
): Promise<Result> {
  const given = (context.env.ASI_RUNNER_URL ?? '').split(',').find((url) => url.trim() !== '');
  const url = given ?? readStack(stateFolder(context.env))?.runnerUrls[0];
  if (url === undefined) return withOwnRunner(context, use);
  return withClient(url, use);
}

async function withClient<Result>(url: string, use: (runner: RunnerClient) => Promise<Result>): Promise<Result> {
  const runner = connectRunner(url);
  try {
    return await use(runner);
  } finally {
    runner.close();
  }
}

async function withOwnRunner<Result>(
  context: CliContext,
  use: (runner: RunnerClient) => Promise<Result>,
): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'asi-runner-'));
  const addressFile = join(home, 'address');
  const { command, args } = attached({
    command: process.execPath,
    args: [join(repositoryRoot, 'gpu-runner/src/main.ts')],
  });
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...context.env,
      ASI_RUNNER_ADDRESS: '127.0.0.1:0',
      ASI_RUNNER_ADDRESS_FILE: addressFile,
      ASI_RUNNER_HOME: join(home, 'ledger'),
      ASI_SUPERVISED: '1',
    },
  });
  child.stdin.on('error', () => undefined);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
  }
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    for (let waited = 0; !existsSync(addressFile); waited += 50) {
      if (child.exitCode !== null || waited >= startSeconds * 1000)
        throw terminal('runner-not-started', `the runner does not start: ${lastWords(said)}`);
      context.interrupt.throwIfAborted();
      await sleep(50);
    }
    return await withClient(readFileSync(addressFile, 'utf8').trim(), use);
  } finally {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
    await exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

/** The message of its last line that has one. */
function lastWords(said: string): string {
  for (const line of said.trim().split('\n').reverse()) {
    try {
      const { msg, err, error } = JSON.parse(line) as Record<string, unknown>;
      const words = [msg, err, error].filter((one) => typeof one === 'string');
      if (words.length > 0) return words.join(': ');
    } catch {
      if (line.trim() !== '') return line.trim();
    }
  }
  return 'it ended without a word';
}
