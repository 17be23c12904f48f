import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, runCommand, tryCommand } from '../command.mjs';
import { toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { commandFailure, setupFailure } from '../setup-failure.mjs';
import { hostPython } from './host-python.mjs';

const version = '0.13.9';
const folder = join(toolchain, 'uv');
const ownUv = join(folder, 'bin/uv');

/** True when uv is there already. */
export const hasUv = () => existsSync(ownUv);

/** Path of uv, which installs Python packages; installed here when it is missing. */
async function uvProgram() {
  if (hasUv()) return ownUv;
  const { name } = hostPython();
  if (outputOf(name, ['-m', 'pip', '--version']) === null) {
    if (outputOf('uv', ['--version'])) return 'uv';
    throw setupFailure(`${name} has no pip: install it (for example: apt-get install python3-pip), and start again`);
  }
  const args = ['-m', 'pip', 'install', '--quiet', '--target', folder, `uv==${version}`];
  await withProgress('Installing uv, which installs Python packages', 'a few seconds', ({ say }) =>
    runCommand('Installing uv', name, args, { onLine: say }),
  );
  return ownUv;
}

/**
 * Runs uv. Where the network has a certificate authority of its own, uv is told to believe what the system believes;
 * not from the start, because a minimal system may have no certificates at all.
 */
export async function tryUv(args, options = {}) {
  const uv = await uvProgram();
  const first = await tryCommand(uv, args, options);
  if (first.ok || !/certificate/i.test(first.output)) return first;
  return tryCommand(uv, args, { ...options, env: { ...options.env, UV_SYSTEM_CERTS: '1' } });
}

/** As tryUv; throws a failure that names the step and says what to do. */
export async function runUv(what, args, options) {
  const { ok, output } = await tryUv(args, options);
  if (!ok) throw commandFailure(what, output);
}
