import { builtinMixers, type CampaignSettings } from '@asi/contracts';
import { closest } from './closest.ts';
import type { SettingProblem } from './setting-problem.ts';

const known: readonly string[] = builtinMixers;

/** What the schema cannot say of the baselines: that each is one of the trainer's own mixers, and that no run is counted twice. */
export function checkBaselines({ baselines }: CampaignSettings): SettingProblem[] {
  return baselines.flatMap(({ name, seeds }, index): SettingProblem[] => {
    const path = ['baselines', index];
    if (!known.includes(name)) return [unknownBaseline(name, index)];
    if (baselines.findIndex((one) => one.name === name) < index)
      return [{ path: [...path, 'name'], text: `${name} is there twice; give it once, with all its seeds` }];
    // Two runs with one seed are the same run: the noise measured between them would be too small.
    if (new Set(seeds).size < seeds.length)
      return [{ path: [...path, 'seeds'], text: 'a seed is there twice; each run needs its own' }];
    return [];
  });
}

/** Names that no baseline has, in a value that need not fit the schema: a misspelt delta-net is told as that, not as missing. */
export function unknownBaselines(value: unknown): SettingProblem[] {
  const baselines = (value as { readonly baselines?: unknown } | null)?.baselines;
  if (!Array.isArray(baselines)) return [];
  return baselines.flatMap((one: { readonly name?: unknown } | null, index) =>
    typeof one?.name === 'string' && !known.includes(one.name) ? [unknownBaseline(one.name, index)] : [],
  );
}

function unknownBaseline(name: string, index: number): SettingProblem {
  const close = closest(name, known);
  const hint = `${close ? `did you mean ${close}? ` : ''}known are ${known.join(', ')}`;
  return { path: ['baselines', index, 'name'], text: `there is no baseline ${name}; ${hint}` };
}
