import type { Genome } from '../genome.ts';

/** One value that a slot can take. */
export type SlotOption = {
  readonly label: string;
  /** Prior weight of a draw; options that the literature finds useful, or that are cheap, weigh more. */
  readonly weight: number;
  /** A noun phrase, in the terms of the literature. */
  readonly phrase: string;
  /** What the option is expected to do, as a clause with the option as its subject. */
  readonly mechanism: string;
};

/** One component of a mixer that can be exchanged: the unit of mutation and of effect estimation. */
export type Slot = {
  readonly name: string;
  /** How often a mutation picks this slot, relative to the others: details of another slot matter less. */
  readonly importance: number;
  readonly options: readonly SlotOption[];
  /** The label in force, or null where the genome has no such part (a floor without a router). */
  readonly read: (genome: Genome) => string | null;
  /** The genome with the option in its place; not yet repaired. Unchanged where the part does not exist. */
  readonly write: (genome: Genome, label: string) => Genome;
};

export const option = (label: string, weight: number, phrase: string, mechanism: string): SlotOption => ({
  label,
  weight,
  phrase,
  mechanism,
});

/** A slot whose options are complete values of one field of the genome. */
export function fieldSlot<Field extends keyof Genome>(
  name: string,
  field: Field,
  choices: ReadonlyArray<readonly [Genome[Field], SlotOption]>,
): Slot {
  const same = (a: Genome[Field], b: Genome[Field]): boolean => JSON.stringify(a) === JSON.stringify(b);
  return {
    name,
    importance: 1,
    options: choices.map(([, chosen]) => chosen),
    read: (genome) => choices.find(([value]) => same(value, genome[field]))?.[1].label ?? null,
    write: (genome, label) => {
      const choice = choices.find(([, chosen]) => chosen.label === label);
      if (choice === undefined) throw new RangeError(`slot ${name} has no option ${label}`);
      return { ...genome, [field]: choice[0] };
    },
  };
}
