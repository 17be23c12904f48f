import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StateFolder } from './state-folder.ts';

/** The file in which the runners of a state folder keep what they have proven of this machine's isolation (gpu-runner/src/doctor). */
export const isolationProof = ({ runners }: StateFolder, env: NodeJS.ProcessEnv): string =>
  env.ASI_RUNNER_PROOF || join(runners, 'isolation.json');

/** The next runner that is started proves it anew. */
export const forgetIsolationProof = (folder: StateFolder, env: NodeJS.ProcessEnv): void =>
  rmSync(isolationProof(folder, env), { force: true });
