import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminal } from '@asi/contracts';
import { connectRunner, isRunnerError, type RunnerClient } from '@asi/runner-client';
import { attached } from '../stack/attached-command.ts';
import { isolationProof } from '../stack/isolation-proof.ts';
import { keylessEnvironment } from '../stack/keyless-environment.ts';
import { ownRunnerFolder } from '../stack/own-runner-folder.ts';
import { programFile } from '../stack/program-file.ts';
import { requireSettings } from '../stack/require-settings.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { repositoryRoot } from '../stack/toolchain.ts';
import { requireTrainerPython } from '../stack/trainer-python.ts';
import type { CliContext } from './cli-context.ts';

const startSeconds = 60;
const lookMilliseconds = 300;
// A runner that crashed is started again by its stack, which takes a few seconds.
const giveUpMilliseconds = 20_000;

/** A runner for a while. */
export type LentRunner = {
  readonly client: RunnerClient;
  /** Aborts when the person interrupts, and when the stack or the process that runs the runner ends. */
  readonly signal: AbortSignal;
};

/**
 * Lends a runner: one given by ASI_RUNNER_URL, that of the running stack, or one that is started for the duration.
 * @param own settings of a runner of one's own, which is then started in any case
 * @throws terminal `runner-not-started` with what it said last; `runner-gone` when what runs it ends meanwhile
 */
export async function withRunner<Result>(
  context: CliContext,
  use: (runner: LentRunner) => Promise<Result>,
  own: Readonly<Record<string, string>> | null = null,
): Promise<Result> {
  if (own !== null) return withOwnRunner(context, use, own);
  const given = (context.env.ASI_RUNNER_URL ?? '').split(',').find((url) => url.trim() !== '');
  if (given !== undefined) return lend(context, { url: given, why: () => null }, use);
  const folder = stateFolder(context.env);
  const stack = readStack(folder);
  const url = stack?.runnerUrls[0];
  if (stack === null || url === undefined) return withOwnRunner(context, use);
  const why = () =>
    readStack(folder)?.pid === stack.pid
      ? null
      : `the stack (process ${stack.pid}) has ended, and its runner with it; try again: without a stack asi certify starts a runner of its own`;
  return lend(context, { url, why }, use);
}

type Lender = {
  readonly url: string;
  /** Why the runner cannot come back; null while it may. */
  readonly why: () => string | null;
};

async function lend<Result>(
  context: CliContext,
  { url, why }: Lender,
  use: (runner: LentRunner) => Promise<Result>,
): Promise<Result> {
  const client = connectRunner(url, { giveUpMilliseconds });
  const gone = new AbortController();
  const look = () => {
    const reason = why();
    if (reason !== null) gone.abort(terminal('runner-gone', reason));
  };
  const timer = setInterval(look, lookMilliseconds);
  try {
    return await use({ client, signal: AbortSignal.any([context.interrupt, gone.signal]) });
  } catch (error) {
    // A refused connection may be the first sign of the end.
    if (isRunnerError(error) && error.kind === 'retryable') look();
    // Ctrl-C on a terminal ends a runner of our own as well: the interruption is the cause.
    context.interrupt.throwIfAborted();
    throw gone.signal.aborted ? gone.signal.reason : error;
  } finally {
    clearInterval(timer);
    client.close();
  }
}

async function withOwnRunner<Result>(
  context: CliContext,
  use: (runner: LentRunner) => Promise<Result>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Result> {
  requireSettings(context.env);
  await requireTrainerPython(context.env);
  const home = ownRunnerFolder(context.env);
  const addressFile = join(home, 'address');
  const { command, args } = attached({
    command: process.execPath,
    args: [programFile(join(repositoryRoot, 'gpu-runner/src/main.ts'), context.env)],
  });
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...keylessEnvironment(context.env, 'runner'),
      ASI_RUNNER_ADDRESS: '127.0.0.1:0',
      ASI_RUNNER_ADDRESS_FILE: addressFile,
      ASI_RUNNER_HOME: join(home, 'ledger'),
      ...proofIn(context.env),
      ASI_SUPERVISED: '1',
      ...settings,
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
      context.interrupt.throwIfAborted();
      if (ended(child) || waited >= startSeconds * 1000)
        throw terminal('runner-not-started', `the runner does not start: ${lastWords(said)}`);
      await sleep(50);
    }
    const url = readFileSync(addressFile, 'utf8').trim();
    const why = () => (ended(child) ? `the runner has ended: ${lastWords(said)}` : null);
    return await lend(context, { url, why }, use);
  } finally {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
    await exited;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

/** Where the state folder cannot be made there is no place to remember a proof in. */
function proofIn(env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    return { ASI_RUNNER_PROOF: isolationProof(stateFolder(env), env) };
  } catch {
    return {};
  }
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

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
