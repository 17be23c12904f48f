import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { hashJson, messageOf, terminal } from '@asi/contracts';
import type { Isolation, IsolationProbe } from '@asi/runner-client';
import { z } from 'zod';
import { noIsolation, type Recipe } from '../launcher/recipe.ts';
import { recipesWith } from '../launcher/recipes.ts';
import { jobEnvironment, type Trainer } from '../process/job-command.ts';
import { type Canaries, createCanaries } from './canaries.ts';
import { type CanaryReport, memoryOfProof, outputOf, runCanary, runGrowth } from './run-canary.ts';

export type ExamineOptions = Trainer & {
  /** The program of `gpu-runner/launcher`. */
  launcher: string;
  mode: 'auto' | 'bubblewrap' | 'none';
};

export type Examined = {
  isolation: Isolation;
  launcher: Recipe['launcher'];
  /** Whether a recipe of a better tier was tried and did not hold: that can also be the fault of a moment. */
  weaker: boolean;
};

const factsSchema = z.object({ landlock: z.int(), controlGroups: z.enum(['v1', 'v2', 'none']), filter: z.string() });
type Facts = z.output<typeof factsSchema>;

/** An attack that fails without the sandbox too proves nothing about the sandbox. */
const judge = (control: CanaryReport, sandboxed: CanaryReport): IsolationProbe[] =>
  Object.entries(sandboxed).map(([name, { worked, detail }]) => ({
    name,
    verdict: worked ? 'open' : control[name]?.worked ? 'blocked' : 'not-applicable',
    detail,
  }));

/** Every attack. The launcher of memory's has another slot: limits count per user, and the two run at once. */
const attack = async (recipe: Recipe, python: string, canaries: Canaries): Promise<CanaryReport> => {
  const reports = await Promise.all([
    runCanary(recipe.launcher(0), python, canaries),
    runGrowth(recipe.launcher(1, memoryOfProof), python),
  ]);
  return Object.assign({}, ...reports);
};

/** The real interpreter behind a name (which may be a link or a script) and the folders that it and its packages live in. */
const resolvePython = async (python: string): Promise<{ executable: string; folders: string[] }> => {
  const script = 'import sys, json; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix]))';
  const output = await outputOf([python, '-c', script], { PATH: process.env.PATH ?? '/usr/bin:/bin' }, 'ignore');
  const [executable = python, ...folders] = z.array(z.string()).parse(JSON.parse(output));
  return { executable, folders: [...new Set(folders)] };
};

const examined = (
  recipe: Recipe,
  probes: IsolationProbe[],
  note: string,
  facts: Facts | null,
  bestTier: number = recipe.tier,
): Examined => {
  const verdicts = probes.map(({ name, verdict }) => [name, verdict]);
  const { tier, name, launcher } = recipe;
  // Where the launcher was built does not matter, what it does is in its probes and its filter.
  const argv = launcher(0).slice(1);
  const hash = hashJson({ tier, recipe: name, argv, verdicts, kernel: release(), facts });
  return { isolation: { tier, recipe: name, probes, hash, note }, launcher, weaker: tier < bestTier };
};

type Machine = { readonly python: string; readonly facts: Facts; readonly recipes: readonly Recipe[] };

const machineOf = async (options: ExamineOptions): Promise<Machine> => {
  const { executable: python, folders: readable } = await resolvePython(options.python);
  const facts = factsSchema.parse(JSON.parse(await outputOf([options.launcher, 'describe'], {}, 'ignore')));
  const limitsMemory = facts.controlGroups !== 'none';
  const { trainerPath } = options;
  return { python, facts, recipes: recipesWith(options.launcher, { readable, trainerPath, limitsMemory }) };
};

/** What an earlier examination found, or null when it was of other recipes, another kernel or other probes than this machine has today. */
export const sameAgain = async (options: ExamineOptions, isolation: Isolation): Promise<Examined | null> => {
  if (!existsSync(options.launcher)) return null;
  const { facts, recipes } = await machineOf(options);
  const recipe = recipes.find(({ name }) => name === isolation.recipe);
  if (recipe === undefined) return null;
  const again = examined(recipe, isolation.probes, isolation.note, facts);
  return again.isolation.hash === isolation.hash ? again : null;
};

const tryRecipe = async (
  recipe: Recipe,
  { python, trainerPath }: Trainer,
  canaries: Canaries,
  control: CanaryReport,
): Promise<{ probes: IsolationProbe[]; fault: string | null }> => {
  try {
    const probes = judge(control, await attack(recipe, python, canaries));
    const open = probes.filter(({ name, verdict }) => verdict === 'open' && !recipe.tolerated.includes(name));
    if (open.length > 0) return { probes, fault: `these attacks worked: ${open.map(({ name }) => name).join(', ')}` };
    // A sandbox in which the trainer cannot be read is of no use.
    const environment = jobEnvironment({ python, trainerPath }, '/tmp', 'doctor');
    await outputOf([...recipe.launcher(0), python, '-m', 'trainer', 'describe'], environment, 'ignore');
    return { probes, fault: null };
  } catch (error) {
    return { probes: [], fault: messageOf(error) };
  }
};

const hintFor = (fault: string, python: string): string =>
  /permission denied/i.test(fault)
    ? ` (workers run as users of their own, and cannot read ${python}: install bubblewrap, or let ASI_PYTHON name a Python that everybody may read)`
    : '';

const noteOf = ({ tier }: Recipe, probes: IsolationProbe[], { controlGroups }: Facts, faults: string[]): string => {
  const open = probes.filter(({ verdict }) => verdict === 'open').map(({ name }) => name);
  const memory = controlGroups === 'none' ? 'memory limited by rlimit only' : `control groups ${controlGroups}`;
  const better = tier < 2 && faults.length > 0 ? [`tier 2 does not hold: ${faults.join('; ')}`] : [];
  return [memory, ...(open.length > 0 ? [`not promised on this tier: ${open.join(', ')}`] : []), ...better].join('; ');
};

/**
 * Finds the best isolation that this machine can prove: runs a program that tries to escape through each recipe of the launcher, and
 * once without as the negative control. Errors: terminal `runner-isolation`, when bubblewrap is demanded and does not hold.
 */
export const examineIsolation = async (options: ExamineOptions): Promise<Examined> => {
  const { trainerPath, mode } = options;
  if (mode === 'none') return examined(noIsolation, [], 'switched off by ASI_RUNNER_ISOLATION=none', null);
  const faults: string[] = [];
  if (existsSync(options.launcher)) {
    const { python, facts, recipes } = await machineOf(options);
    // The best first.
    const tried = recipes.filter(({ tier }) => mode !== 'bubblewrap' || tier === 2);
    const canaries = await createCanaries(trainerPath);
    try {
      const control = await attack(noIsolation, python, canaries);
      for (const recipe of tried) {
        const { probes, fault } = await tryRecipe(recipe, { python, trainerPath }, canaries, control);
        if (fault === null)
          return examined(recipe, probes, noteOf(recipe, probes, facts, faults), facts, tried[0]?.tier);
        faults.push(`${recipe.name}: ${fault}${hintFor(fault, python)}`);
      }
      if (!recipes.some(({ tier }) => tier === 2)) faults.push('bubblewrap is not installed');
    } finally {
      canaries.remove();
    }
  } else {
    faults.push(`the launcher is not built (${options.launcher}); run npm start once, or set ASI_LAUNCHER`);
  }
  if (mode === 'bubblewrap') {
    throw terminal(
      'runner-isolation',
      `ASI_RUNNER_ISOLATION=bubblewrap, but it does not hold here: ${faults.join('; ')}`,
    );
  }
  return examined(noIsolation, [], faults.join('; '), null);
};
