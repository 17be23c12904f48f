import { spawn } from 'node:child_process';

const graceMilliseconds = 3_000;
const limitMilliseconds = 4_500;

// Its input ends with our process, however that ends.
const guardScript = 'trap "" INT TERM HUP; read -r _; kill -s KILL -- "-$1"';

/**
 * Starts a command whose children can be ended with it: npm and its like go on after SIGTERM, and what they have started
 * goes on after them. The group is its own, so Ctrl-C on a terminal does not reach it: `stop` does. When our process
 * ends without having called it (SIGKILL, a second Ctrl-C), a guard kills the group.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv, onOutput: (chunk: Buffer) => void}} options
 * @returns {{stop: () => void, ended: Promise<{code: number | null, error: Error | null}>}} `stop` asks the group to end,
 *   kills it 3 seconds later, and has `ended` resolve within 5 seconds in any case
 */
export function startGroup(command, args, { cwd, env, onOutput }) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const guard = child.pid === undefined ? null : guardOf(child.pid);
  const timers = [];
  let error = null;
  let finish = (_code) => undefined;
  const ended = new Promise((resolve) => {
    finish = (code) => resolve({ code, error });
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
  child.once('error', (cause) => {
    error = cause;
    finish(null);
  });
  child.once('close', (code) => {
    // Of a group that was told to stop, members may be left that do not hold its output.
    if (timers.length > 0) signal('SIGKILL');
    finish(code);
  });
  void ended.then(() => {
    for (const timer of timers) clearTimeout(timer);
    guard?.kill('SIGKILL');
  });

  function signal(name) {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // All of it has ended.
    }
  }

  function stop() {
    signal('SIGTERM');
    const abandon = () => {
      // Only a process that has left the group can still hold these; nothing waits for it.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      child.unref();
      finish(null);
    };
    timers.push(
      setTimeout(() => signal('SIGKILL'), graceMilliseconds),
      setTimeout(abandon, limitMilliseconds),
    );
  }

  return { stop, ended };
}

function guardOf(group) {
  const guard = spawn('sh', ['-c', guardScript, 'sh', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  for (const source of [guard, guard.stdin]) source.on('error', () => undefined);
  return guard;
}
