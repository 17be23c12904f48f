import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { repositoryRoot, trainerPython } from '../stack/toolchain.ts';

const run = promisify(execFile);
const limitMilliseconds = 10_000;
const packageSchema = z.object({ version: z.string() });
const trainerSchema = z.object({
  versions: z.object({ trainer: z.string(), torch: z.string(), python: z.string() }),
});

/** What is installed, in one line: version, commit, Node, and the trainer as far as its Python can tell. */
export async function versionLine(env: NodeJS.ProcessEnv): Promise<string> {
  const { version } = packageSchema.parse(JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')));
  const [commit, trainer] = await Promise.all([commitOf(), trainerOf(env)]);
  return `asi ${version}, ${commit}, Node ${process.versions.node}, ${trainer}`;
}

async function commitOf(): Promise<string> {
  try {
    const git = (...args: string[]) => run('git', ['-C', repositoryRoot, ...args], { timeout: limitMilliseconds });
    const [{ stdout: root }, { stdout: commit }] = await Promise.all([
      git('rev-parse', '--show-toplevel'),
      git('rev-parse', '--short', 'HEAD'),
    ]);
    // A copy inside another repository has that one's commits, not its own.
    return root.trim() === repositoryRoot ? `commit ${commit.trim()}` : 'commit unknown';
  } catch {
    return 'commit unknown';
  }
}

async function trainerOf(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await run(trainerPython(env), ['-m', 'trainer', 'describe'], {
      env: { ...env, PYTHONPATH: env.ASI_TRAINER_PATH || join(repositoryRoot, 'gpu-runner/trainer') },
      timeout: limitMilliseconds,
    });
    const { trainer, torch, python } = trainerSchema.parse(JSON.parse(stdout)).versions;
    return `trainer ${trainer}, PyTorch ${torch}, Python ${python}`;
  } catch {
    return 'trainer unknown (asi doctor says why)';
  }
}
