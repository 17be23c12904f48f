import { setupFailure } from './setup-failure.mjs';

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let current = new AbortController().signal;

// One Ctrl-C may arrive twice: from the terminal, and handed on by npm.
const oneInterruptionMilliseconds = 500;

/**
 * Runs the work; the first Ctrl-C says so at once, ends its commands in order and rejects with one line that says how to
 * go on (a second one ends the process at once, and its commands with it). Whatever the work holds, as a lock, it lets go
 * of in its own `finally`.
 */
export async function interruptible(work) {
  const interruption = new AbortController();
  current = interruption.signal;
  let first = Number.POSITIVE_INFINITY;
  const interrupt = (exitCode) => {
    const now = Date.now();
    first = Math.min(first, now);
    if (now - first > oneInterruptionMilliseconds) process.exit(exitCode);
    if (interruption.signal.aborted) return;
    const { isTTY } = process.stdout;
    process.stdout.write(`${isTTY ? '\r\x1b[K' : ''}- Stopping the installation, which takes 5 seconds at most\n`);
    const failure = setupFailure('the installation was interrupted; the next start goes on where it was');
    interruption.abort(Object.assign(failure, { exitCode }));
  };
  const handlers = Object.entries(signals).map(([name, exitCode]) => [name, () => interrupt(exitCode)]);
  for (const [name, handler] of handlers) process.on(name, handler);
  try {
    return await work();
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

/** Aborts when the installation under way is interrupted; its reason is a SetupFailure. */
export const interruptSignal = () => current;
