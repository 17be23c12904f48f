import { builtinMixers, type CampaignSettings } from '@asi/contracts';
import { closest } from './closest.ts';
import type { Path } from './parse-yaml.ts';

export type BaselineProblem = { readonly path: Path; readonly text: string };

const known: readonly string[] = builtinMixers;

/** What the schema cannot say of the baselines: that each is one of the trainer's own mixers, and that no run is counted twice. */
export function checkBaselines({ baselines }: CampaignSettings): BaselineProblem[] {
  return baselines.flatMap(({ name, seeds }, index): BaselineProblem[] => {
    const path = ['baselines', index];
    if (!known.includes(name)) {
      const close = closest(name, known);
      const hint = `${close ? `did you mean ${close}? ` : ''}known are ${known.join(', ')}`;
      return [{ path: [...path, 'name'], text: `there is no baseline ${name}; ${hint}` }];
    }
    if (baselines.findIndex((one) => one.name === name) < index)
      return [{ path: [...path, 'name'], text: `${name} is there twice; give it once, with all its seeds` }];
    // Two runs with one seed are the same run: the noise measured between them would be too small.
    if (new Set(seeds).size < seeds.length)
      return [{ path: [...path, 'seeds'], text: 'a seed is there twice; each run needs its own' }];
    return [];
  });
}
