import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, terminal } from '@asi/contracts';
import { trainerPython } from './toolchain.ts';

const version = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
// Looking for packages takes a tenth of a second, importing them takes several.
const look = `${version}
from importlib.util import find_spec
print(" ".join(name for name in ("torch", "numpy") if find_spec(name) is None))`;
const load = `${version}
import numpy, torch
print(torch.__version__, torch.cuda.is_available())`;

const leastVersion = [3, 10] as const;
const runLimitMilliseconds = 60_000;

/** What the Python of the trainer is. */
export type TrainerPython = { readonly version: string; readonly torch: string; readonly cuda: boolean };

/**
 * Refuses a Python that cannot run the trainer; quick enough to be asked before every start.
 * @throws terminal `python-setting` when ASI_PYTHON names it, `python-missing` when it is the installed one
 */
export async function requireTrainerPython(env: NodeJS.ProcessEnv): Promise<void> {
  const [, missing = ''] = await runPython(env, look);
  if (missing !== '') throw unfit(env, `it has no ${missing.split(' ').join(' and no ')}`);
}

/**
 * Really loads PyTorch.
 * @throws as requireTrainerPython
 */
export async function examineTrainerPython(env: NodeJS.ProcessEnv): Promise<TrainerPython> {
  const [found = '', packages = ''] = await runPython(env, load);
  const [torch = '', cuda] = packages.split(' ');
  return { version: found, torch, cuda: cuda === 'True' };
}

/** The lines that a script writes, of which the first is the version. */
async function runPython(env: NodeJS.ProcessEnv, script: string): Promise<string[]> {
  const path = trainerPython(env);
  let lines: string[];
  try {
    const { stdout } = await promisify(execFile)(path, ['-c', script], { env, timeout: runLimitMilliseconds });
    lines = stdout.split('\n').map((line) => line.trim());
  } catch (error) {
    throw unfit(env, reasonOf(error));
  }
  const numbers = /^(\d+)\.(\d+)\./.exec(lines[0] ?? '');
  if (!numbers) throw unfit(env, 'it is no Python');
  const [major = 0, minor = 0] = numbers.slice(1).map(Number);
  if (major !== leastVersion[0] || minor < leastVersion[1]) throw unfit(env, `it is version ${lines[0]}`);
  return lines;
}

function reasonOf(error: unknown): string {
  const { code, killed } = error as { readonly code?: unknown; readonly killed?: boolean };
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it is not a program that may be run';
  if (killed) return `it has not answered after ${runLimitMilliseconds / 1000} s`;
  return (
    messageOf(error)
      .split('\n')
      .filter((line) => /Error\b/.test(line))
      .at(-1)
      ?.trim() ?? 'it is no Python'
  );
}

function unfit(env: NodeJS.ProcessEnv, why: string) {
  const needed = 'a Python >= 3.10 with torch and numpy';
  return env.ASI_PYTHON
    ? terminal(
        'python-setting',
        `ASI_PYTHON=${env.ASI_PYTHON} cannot run the trainer (${why}); set it to ${needed}, or unset it to use the installed one`,
      )
    : terminal(
        'python-missing',
        `the Python of the trainer (${trainerPython(env)}) cannot run it (${why}); run npm start once to install it, or set ASI_PYTHON to ${needed}`,
      );
}
