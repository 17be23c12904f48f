import { spawn } from 'node:child_process';
import type { Command } from './attached-command.ts';
import { errorOf, type LoggedError } from './logged-error.ts';
import { identify, killGroup, type ProcessIdentity } from './process-identity.ts';
import type { LogLine, ProcessLog } from './process-log.ts';

/** How a child ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last error that it logged, or what it said last on standard error before it failed. */
  readonly error: LoggedError | null;
}

/** A child process that runs, or has run. */
export interface LaunchedProcess {
  /** Null when it could not be started. */
  readonly identity: ProcessIdentity | null;
  /** Resolves when it is gone, with its process group, and its output is read. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  terminate(): void;
  kill(): void;
}

// After a child's end its pipes may still hold lines; a grandchild that left the group can hold them open for ever.
const lastLinesMilliseconds = 500;

/** Starts a child in a process group of its own, with its output in the log. */
export function launchProcess(
  { command, args }: Command,
  env: Readonly<Record<string, string>>,
  log: ProcessLog,
  onLine: (line: LogLine) => void,
): LaunchedProcess {
  // A group of its own: Ctrl-C on the terminal reaches only the supervisor, which then stops all in order.
  // Standard input stays open as long as this process lives: its end is the portable sign that the parent is gone.
  const child = spawn(command, args, { env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const identity = child.pid === undefined ? null : identify(child.pid);
  let error: LoggedError | null = null;
  let lastWords: string | null = null;
  child.stdin.on('error', () => undefined);
  for (const source of ['stdout', 'stderr'] as const) {
    log.follow(child[source], source, (line) => {
      error = errorOf(line) ?? error;
      if (line.stream === 'stderr') lastWords = String(line.msg);
      onLine(line);
    });
  }
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (cause) => {
      error = { code: 'not-started', message: `${command} could not be started: ${cause.message}` };
      resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) killRest(child.pid);
      const words = () => (code !== 0 && lastWords ? { code: null, message: lastWords } : null);
      const end = () => resolve({ code, signal, error: error ?? words() });
      child.once('close', end);
      setTimeout(end, lastLinesMilliseconds).unref();
    });
  });
  return {
    identity,
    ended,
    terminate: () => void child.kill('SIGTERM'),
    kill: () => (identity ? killGroup(identity) : undefined),
  };
}

/** Kills what a child that has ended left in its group; the group's number cannot be reused while a member lives. */
function killRest(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}
