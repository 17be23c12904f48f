import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, release } from 'node:os';
import { join } from 'node:path';
import { hashJson, messageOf, terminal } from '@asi/contracts';
import type { Isolation, IsolationProbe } from '@asi/runner-client';
import { z } from 'zod';
import { bubblewrapRecipes, findProgram } from '../launcher/bubblewrap.ts';
import { noIsolation, type Recipe } from '../launcher/recipe.ts';
import { seccompFilter } from '../launcher/seccomp-filter.ts';
import { jobEnvironment, type Trainer } from '../process/job-command.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { type CanaryReport, outputOf, runCanary } from './run-canary.ts';

export type ExamineOptions = Trainer & {
  /** Where the system-call filter is written. */
  home: string;
  mode: 'auto' | 'bubblewrap' | 'none';
};

export type Examined = { isolation: Isolation; launcher: Recipe['launcher'] };

const filterName = 'seccomp.bpf';

/** An attack that fails without the sandbox too proves nothing about the sandbox. */
const judge = (control: CanaryReport, sandboxed: CanaryReport): IsolationProbe[] =>
  Object.entries(sandboxed).map(([name, { worked, detail }]) => ({
    name,
    verdict: worked ? 'open' : control[name]?.worked ? 'blocked' : 'not-applicable',
    detail,
  }));

/** The real interpreter behind a name (which may be a link or a script) and the folders that it and its packages live in. */
const resolvePython = async (python: string): Promise<{ executable: string; folders: string[] }> => {
  const script = 'import sys, json; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';
  const output = await outputOf([python, '-c', script], { PATH: process.env.PATH ?? '/usr/bin:/bin' }, 'ignore');
  const [executable = python, ...folders] = z.array(z.string()).parse(JSON.parse(output));
  return { executable, folders: [...new Set(folders)] };
};

const writeFilter = (home: string): { file: string | null; hash: string } => {
  const filter = seccompFilter(arch());
  if (filter === null) return { file: null, hash: '' };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = join(home, filterName);
  writeFileSync(file, filter);
  return { file, hash: createHash('sha256').update(filter).digest('hex') };
};

const examined = (recipe: Recipe, probes: IsolationProbe[], note: string, facts: object): Examined => {
  const verdicts = probes.map(({ name, verdict }) => [name, verdict]);
  const { tier, name, launcher } = recipe;
  const argv = launcher(0).map((part) => (part.endsWith(filterName) ? filterName : part));
  const hash = hashJson({ tier, recipe: name, argv, verdicts, kernel: release(), ...facts });
  return { isolation: { tier, recipe: name, probes, hash, note }, launcher };
};

const tryRecipe = async (
  recipe: Recipe,
  { python, trainerPath }: Trainer,
  canaries: Canaries,
  control: CanaryReport,
): Promise<{ probes: IsolationProbe[]; fault: string | null }> => {
  try {
    const probes = judge(control, await runCanary(recipe.launcher(0), python, canaries));
    const open = probes.filter(({ verdict }) => verdict === 'open').map(({ name }) => name);
    if (open.length > 0) return { probes, fault: `these attacks worked: ${open.join(', ')}` };
    // A sandbox in which the trainer cannot be read is of no use.
    const environment = jobEnvironment({ python, trainerPath }, '/tmp', 'doctor');
    await outputOf([...recipe.launcher(0), python, '-m', 'trainer', 'describe'], environment, 'ignore');
    return { probes, fault: null };
  } catch (error) {
    return { probes: [], fault: messageOf(error) };
  }
};

/**
 * Finds the best isolation that this machine can prove: runs a program that tries to escape through each launcher, and once without as
 * the negative control. Errors: terminal `runner-isolation`, when bubblewrap is demanded and nothing holds.
 */
export const examineIsolation = async (options: ExamineOptions): Promise<Examined> => {
  const { trainerPath, home, mode } = options;
  if (mode === 'none') return examined(noIsolation, [], 'switched off by ASI_RUNNER_ISOLATION=none', {});
  const filter = writeFilter(home);
  const { executable: python, folders } = await resolvePython(options.python);
  const recipes = bubblewrapRecipes({ readable: [...folders, trainerPath], trainerPath, filterFile: filter.file });
  const faults: string[] = [];
  if (recipes.length > 0) {
    const canaries = await createCanaries(trainerPath);
    try {
      const control = await runCanary([], python, canaries);
      for (const recipe of recipes) {
        const { probes, fault } = await tryRecipe(recipe, { python, trainerPath }, canaries, control);
        const note = 'memory and process limits by rlimit; no cgroup';
        if (fault === null) return examined(recipe, probes, note, { filter: filter.hash });
        faults.push(`${recipe.name}: ${fault}`);
      }
    } finally {
      canaries.remove();
    }
  } else {
    faults.push(
      findProgram('bwrap') === null ? 'bubblewrap is not installed' : 'setpriv is missing, or this is not Linux',
    );
  }
  if (mode === 'bubblewrap') {
    throw terminal(
      'runner-isolation',
      `ASI_RUNNER_ISOLATION=bubblewrap, but it does not hold here: ${faults.join('; ')}`,
    );
  }
  return examined(noIsolation, [], faults.join('; '), {});
};
