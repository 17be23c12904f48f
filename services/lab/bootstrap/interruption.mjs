import { setupFailure } from './setup-failure.mjs';

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
let current = new AbortController().signal;

/**
 * Runs the work; the first Ctrl-C ends its commands in order and rejects with one line that says how to go on (a second
 * one ends the process at once). Whatever the work holds, as a lock, it lets go of in its own `finally`.
 */
export async function interruptible(work) {
  const interruption = new AbortController();
  current = interruption.signal;
  const handlers = Object.entries(signals).map(([name, exitCode]) => {
    const failure = setupFailure('the installation was interrupted; the next start goes on where it was');
    return [name, () => interruption.abort(Object.assign(failure, { exitCode }))];
  });
  for (const [name, handler] of handlers) process.once(name, handler);
  try {
    return await work();
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}

/** Aborts when the installation under way is interrupted; its reason is a SetupFailure. */
export const interruptSignal = () => current;
