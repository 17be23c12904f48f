import { hashJson } from '@asi/contracts';
import type { Isolation } from '@asi/runner-client';
import { noIsolation, type Recipe } from '../launcher/recipe.ts';
import type { Trainer } from '../process/job-command.ts';

export type ExamineOptions = Trainer & { mode: 'auto' | 'bubblewrap' | 'none' };

/** Which isolation this machine can prove. */
export const examineIsolation = async (
  options: ExamineOptions,
): Promise<{ isolation: Isolation; launcher: Recipe['launcher'] }> => {
  const { name: recipe, tier, launcher } = noIsolation;
  const note = options.mode === 'none' ? 'switched off by ASI_RUNNER_ISOLATION=none' : 'no sandbox was found';
  const isolation = { tier, recipe, probes: [], note, hash: hashJson({ tier, recipe, argv: launcher(0) }) };
  return { isolation, launcher };
};
