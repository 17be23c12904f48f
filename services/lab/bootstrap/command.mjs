import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { interruptSignal } from './interruption.mjs';
import { installLog, root } from './paths.mjs';
import { startGroup } from './process-group.mjs';
import { commandFailure } from './setup-failure.mjs';

const tailLength = 8_000;

// The Python of the machine is used; uv would fetch another one from elsewhere without a word.
const installSettings = { UV_PYTHON_DOWNLOADS: 'never', UV_NO_PROGRESS: '1' };

/**
 * Runs a command with its output in the installation's log.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, onLine?: (line: string) => void}} options
 * @returns {Promise<{ok: boolean, output: string}>} `output` is the end of what it printed
 * @throws the SetupFailure of an interruption, when the command has ended
 */
export async function tryCommand(command, args, { cwd = root, env = {}, onLine = () => {} } = {}) {
  const interrupt = interruptSignal();
  interrupt.throwIfAborted();
  mkdirSync(dirname(installLog), { recursive: true });
  appendFileSync(installLog, `\n$ ${[command, ...args].join(' ')}\n`);
  let output = '';
  const onOutput = (chunk) => {
    appendFileSync(installLog, chunk);
    output = (output + chunk).slice(-tailLength);
    const line = String(chunk)
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1);
    if (line) onLine(line);
  };
  const { stop, ended } = startGroup(command, args, {
    cwd,
    env: { ...process.env, ...installSettings, ...env },
    onOutput,
  });
  interrupt.addEventListener('abort', stop);
  const { code, error } = await ended;
  interrupt.removeEventListener('abort', stop);
  // Not before the end of its whole group: what still writes must not meet the next installation.
  interrupt.throwIfAborted();
  if (error) return { ok: false, output: `${output}\n${error.message}` };
  return { ok: code === 0, output };
}

/** As tryCommand; throws a SetupFailure that says what to do. `what` names the step. */
export async function runCommand(what, command, args, options) {
  const { ok, output } = await tryCommand(command, args, options);
  if (!ok) throw commandFailure(what, output);
}

/** What a short command prints, trimmed; null when it fails. */
export function outputOf(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  return status === 0 ? stdout.trim() : null;
}
