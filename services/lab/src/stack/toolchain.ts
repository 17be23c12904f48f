import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { terminal } from '@asi/contracts';

/** Root of the repository. */
export const repositoryRoot = resolve(import.meta.dirname, '../../../..');

/** Folder of what the bootstrap installed (Python, Go, the embedded servers); ASI_TOOLCHAIN overrides it. */
export const toolchainFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.ASI_TOOLCHAIN ? resolve(env.ASI_TOOLCHAIN) : resolve(repositoryRoot, '.toolchain');

/**
 * Path of the program that embeds the broker and the database; ASI_EMBEDDED overrides it.
 * @throws terminal `embedded-missing` when it has not been built
 */
export function embeddedBinary(env: NodeJS.ProcessEnv = process.env): string {
  const path = env.ASI_EMBEDDED ? resolve(env.ASI_EMBEDDED) : resolve(toolchainFolder(env), 'embedded');
  if (existsSync(path)) return path;
  throw terminal(
    'embedded-missing',
    `the embedded servers are not built (${path}); run npm start once to install them`,
  );
}

/** The Python with PyTorch that runs the trainer: ASI_PYTHON (a path, or a name that PATH knows), else the installed one. */
export function trainerPython(env: NodeJS.ProcessEnv = process.env): string {
  if (!env.ASI_PYTHON) return resolve(toolchainFolder(env), 'python/bin/python');
  return env.ASI_PYTHON.includes('/') ? resolve(env.ASI_PYTHON) : env.ASI_PYTHON;
}
