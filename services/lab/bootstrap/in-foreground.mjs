import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { watchNpm } from './npm-process.mjs';
import { toolchain } from './paths.mjs';

const lookMilliseconds = 500;

/**
 * Runs a program in the foreground as if it had been started directly; resolves to its exit code. One of Node's hears
 * `disconnect` when this process is gone; it is asked to end when the npm above us is.
 */
export function inForeground(command, args, variables = {}) {
  return new Promise((resolve, reject) => {
    // Compiled code is kept, so that the second start is faster than the first.
    const env = { NODE_COMPILE_CACHE: join(toolchain, 'cache/node'), ...process.env, ...variables };
    // The channel tells the child when this process ends without having been able to pass a signal on (SIGKILL).
    const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      // Ctrl-C on a terminal reaches the child by itself; twice would mean "at once".
      process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
    }
    const npmIsGone = watchNpm();
    const watch = setInterval(() => {
      if (!npmIsGone?.()) return;
      clearInterval(watch);
      child.kill('SIGTERM');
    }, lookMilliseconds).unref();
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
