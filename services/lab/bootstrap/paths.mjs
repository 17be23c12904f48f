import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));

/** Where everything is installed that does not belong into node_modules. */
export const toolchain = process.env.ASI_TOOLCHAIN ? resolve(process.env.ASI_TOOLCHAIN) : join(root, '.toolchain');

export const installLog = join(toolchain, 'install.log');
export const embeddedSource = join(root, 'services/lab/embedded');
export const embeddedBinary = join(toolchain, 'embedded');
/** The program that isolates workers; gpu-runner looks for it there. */
export const launcherSource = join(root, 'gpu-runner/launcher');
export const launcherBinary = join(toolchain, 'launcher');
export const pythonFolder = join(toolchain, 'python');
export const pythonProgram = join(pythonFolder, 'bin/python');
/** The Node that runs everything after the installation. */
export const houseNode = join(root, 'node_modules/.bin/node');
/** Generated from proto/, as the last step of the installation. */
export const generatedCode = join(root, 'shared/runner-client/src/gen');
