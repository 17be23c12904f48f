import { type Clock, systemClock } from '@asi/contracts';
import { onWrapperEnd } from './wrapper-end.ts';

/** A stream that people or programs read. */
export type Output = {
  write(text: string): void;
  readonly isTerminal: boolean;
  columns(): number;
  rows(): number;
  /** Set for terminals only: what is redrawn in place. */
  readonly stream?: NodeJS.WriteStream;
};

/** All that a command touches of the world. */
export type CliContext = {
  readonly env: NodeJS.ProcessEnv;
  readonly out: Output;
  readonly error: Output;
  readonly clock: Clock;
  /** Aborts at the first Ctrl-C or SIGTERM, and when the `npm start` in front of it was killed. */
  readonly interrupt: AbortSignal;
};

/** Without a terminal one Ctrl-C may arrive twice: from the process group, and handed on by `npm start`. */
const oneInterruptionMilliseconds = 500;

/** The context of a real process. The second interruption ends it at once; whatever it started ends with it. */
export function processContext(): CliContext {
  const interruption = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const interrupt = () => {
    const now = systemClock.now().getTime();
    first = Math.min(first, now);
    if (now - first > oneInterruptionMilliseconds) process.exit(130);
    interruption.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  // Never a second interruption: nobody has asked to end at once.
  onWrapperEnd(() => interruption.signal.aborted || interrupt());
  // A reader that has seen enough (head, less) closes the pipe, a person closes the terminal: what runs is stopped like
  // after Ctrl-C and says by its exit code that it was not finished. What is finished by then is as good as without.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && code !== 'EIO') process.exit(1);
    if (!interruption.signal.aborted) interrupt();
  });
  // Standard error may be a file on a full disk; the exit code still tells.
  process.stderr.on('error', () => undefined);
  return {
    env: process.env,
    out: outputOf(process.stdout),
    error: outputOf(process.stderr),
    clock: systemClock,
    interrupt: interruption.signal,
  };
}

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
  columns: () => stream.columns || 80,
  rows: () => stream.rows || 24,
  ...(stream.isTTY ? { stream } : {}),
});
