import { type Difference, differences } from './differences.ts';
import { titleOf } from './emit/header.ts';
import type { Genome } from './genome.ts';
import { nameOf } from './name.ts';
import { estimatedEffect } from './predict.ts';
import type { Preferences } from './preferences.ts';
import { slotOf } from './slots/slots.ts';

export type DescribedParent = { readonly name: string; readonly genome: Genome; readonly merit: number | null };

/** Where a genome comes from. */
export type Origin =
  | { readonly kind: 'draw' }
  | { readonly kind: 'mutation'; readonly parent: DescribedParent }
  | { readonly kind: 'crossover'; readonly parents: readonly [DescribedParent, DescribedParent] };

/** Whose effects the preferences are: the components' own, or those of others, as a control has them. */
export type Estimates = 'own' | 'shuffled';

const estimated: Readonly<Record<Estimates, string>> = {
  own: 'Estimated from the results known to it',
  shuffled: 'As a control has it, with the estimated effects of other components',
};
const favoured: Readonly<Record<Estimates, string>> = {
  own: 'Components that the estimates favour made it likelier',
  shuffled: 'Components that a control favours, with the estimated effects of others, made it likelier',
};

export type Description = { readonly name: string; readonly motivation: string };

const mostTold = 4;

function optionOf({ slot }: Difference, label: string): { phrase: string; mechanism: string } {
  const option = slotOf(slot).options.find((candidate) => candidate.label === label);
  return option ?? { phrase: `${slot} ${label}`, mechanism: 'changes the mixer' };
}

function tellChange(change: Difference): string {
  const { from, to } = change;
  if (to === null) return `drops ${optionOf(change, from ?? '').phrase}`;
  const { phrase, mechanism } = optionOf(change, to);
  const instead = from === null ? 'adds' : `replaces ${optionOf(change, from).phrase} by`;
  return `${instead} ${phrase}, which ${mechanism}`;
}

const tellParent = ({ name, merit }: DescribedParent): string =>
  merit === null ? name : `${name} (merit ${merit.toFixed(3)})`;

const signed = (effect: number): string => `${effect < 0 ? '-' : '+'}${Math.abs(effect).toFixed(3)}`;

function tellEffects(changes: readonly Difference[], preferences: Preferences, estimates: Estimates): string {
  const known = changes
    .map((change) => ({ change, effect: estimatedEffect(change, preferences) }))
    .filter((entry): entry is { change: Difference; effect: number } => entry.effect !== null)
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, mostTold)
    .map(
      ({ change, effect }) => `${change.slot} ${change.from ?? 'absent'} -> ${change.to ?? 'absent'} ${signed(effect)}`,
    );
  return known.length === 0
    ? 'No measured effect speaks for or against these changes.'
    : `${estimated[estimates]}: ${known.join(', ')}.`;
}

function tellChanges(changes: readonly Difference[]): string {
  if (changes.length === 0) return 'It changes nothing.';
  const told = changes.slice(0, mostTold).map(tellChange).join('; it ');
  const rest = changes.length - mostTold;
  const more = rest > 0 ? `; and it differs in ${rest === 1 ? 'one more part' : `${rest} more parts`}` : '';
  return `It ${told}${more}.`;
}

function tellFavourites(genome: Genome, preferences: Preferences, estimates: Estimates): string {
  const told = Object.entries(preferences)
    .filter(([component, effect]) => {
      const [slot = '', label = ''] = component.split('=');
      return effect > 0 && slotOf(slot).read(genome) === label;
    })
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostTold)
    .map(([component, effect]) => `${component} ${signed(effect)}`);
  return told.length === 0 ? 'No measured effect guided the draw.' : `${favoured[estimates]}: ${told.join(', ')}.`;
}

/** Name and motivation of a design, in words that a reader of the tree can check against the genomes. */
export function describe(
  genome: Genome,
  origin: Origin,
  preferences: Preferences = {},
  estimates: Estimates = 'own',
): Description {
  const name = nameOf(genome);
  switch (origin.kind) {
    case 'draw': {
      const motivation = `A random draw from the grammar, to see what no parent suggests. ${titleOf(genome)}. ${tellFavourites(genome, preferences, estimates)}`;
      return { name, motivation };
    }
    case 'mutation': {
      const changes = differences(origin.parent.genome, genome);
      const motivation = `Starts from ${tellParent(origin.parent)}. ${tellChanges(changes)} ${tellEffects(changes, preferences, estimates)}`;
      return { name, motivation };
    }
    case 'crossover': {
      const [first, second] = origin.parents;
      const changes = differences(first.genome, genome);
      const motivation = `Crosses ${tellParent(first)} with ${tellParent(second)}. Compared with the first: ${tellChanges(changes).replace('It ', 'it ')} ${tellEffects(changes, preferences, estimates)}`;
      return { name, motivation };
    }
  }
}
