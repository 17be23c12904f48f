import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from '../paths.mjs';

/**
 * Runs a command of a suite with its output on the terminal.
 * @returns {Promise<number>} its exit code; 1 when it was killed or could not be started
 */
export function runSuiteCommand(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((resolve) => {
    const path = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: path, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
