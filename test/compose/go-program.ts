import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toolchainFolder } from '../../services/lab/src/stack/toolchain.ts';
import { run, say } from './command.ts';

const settings = { GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '-trimpath -buildvcs=false', GOWORK: 'off' };

/** Builds a program from its Go module; a program that is there already is taken. @returns its path */
export async function buildGoProgram(work: string, name: string, module: string, version: string): Promise<string> {
  const program = join(work, name);
  if (existsSync(program)) return program;
  say(`building ${name} ${version}`);
  const cwd = join(work, `${name}-source`);
  mkdirSync(cwd, { recursive: true });
  const go = goCommand();
  const env = { ...process.env, ...settings };
  if (!existsSync(join(cwd, 'go.mod'))) await run([go, 'mod', 'init', 'program'], { cwd, env });
  await run([go, 'get', `${module}@${version}`], { cwd, env });
  await run(['nice', go, 'build', '-ldflags', '-s -w', '-o', program, module], { cwd, env });
  return program;
}

/** Go as `npm start` installs it where the machine has none that is new enough, or the machine's. */
export function goCommand(): string {
  const installed = join(toolchainFolder(), 'go/go/bin/go');
  return existsSync(installed) ? installed : 'go';
}
