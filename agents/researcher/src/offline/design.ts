import { type ComponentEffect, type Random, seededRandom } from '@asi/contracts';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import { components } from '../grammar/components.ts';
import { crossover } from '../grammar/crossover.ts';
import { type DescribedParent, describe, type Origin } from '../grammar/describe.ts';
import { draw } from '../grammar/draw.ts';
import { emit } from '../grammar/emit.ts';
import type { Genome } from '../grammar/genome.ts';
import { genomeHash } from '../grammar/genome-hash.ts';
import { mutate } from '../grammar/mutate.ts';
import { predict } from '../grammar/predict.ts';
import type { Preferences } from '../grammar/preferences.ts';
import { isGrammarLabel, slotOf } from '../grammar/slots/slots.ts';
import { preferencesFrom } from './preferences.ts';

export type OfflineKnowledge = {
  readonly parent: DescribedParent;
  /** False when the sampled parent is not of the grammar, and another one stands in for it. */
  readonly isParentVaried: boolean;
  /** Other finished designs that may lend a part. */
  readonly partners: readonly DescribedParent[];
  /** Of components on merit, as far as the design may know them. */
  readonly effects: readonly ComponentEffect[];
  readonly learn: 'yes' | 'no' | 'shuffled';
};

const crossoverShare = 0.25;
const freshShare = 0.1;
const mostVariations = 20;

/** One design of the offline mind: a mutation of the parent, a crossing with a partner, or now and then a fresh draw. Pure in its seed. */
export function designOffline(knowledge: OfflineKnowledge, seed: string, drawNumber: number) {
  const random = seededRandom(seed, drawNumber, 'design');
  const preferences = Object.fromEntries(
    Object.entries(preferencesFrom(knowledge.effects, knowledge.learn, seed)).filter(([label]) =>
      isGrammarLabel(label),
    ),
  );
  const { genome, origin } = varyToSomethingNew(knowledge, random, preferences);
  const { name, motivation } = describe(
    genome,
    origin,
    preferences,
    knowledge.learn === 'shuffled' ? 'shuffled' : 'own',
  );
  const own = components(genome);
  const prediction = predict(genome, knowledge.parent, preferences);
  const changed = own.filter((component) => !components(knowledge.parent.genome).includes(component));
  return {
    genome,
    name,
    motivation: prediction.direction === 'worse' ? `${motivation} ${againstTheEstimates}` : motivation,
    source: emit(genome),
    components: own,
    // What the literature is asked about: the parts that are new, and not the sentences around them.
    topic: topicOf(changed.length > 0 ? changed : own),
    // A prediction is held against the sampled parent, of whose parts nothing is known here.
    prediction: knowledge.isParentVaried ? prediction : null,
    origin: origin.kind,
  };
}

// Estimates of few experiments are unsure, and a search that obeys them repeats itself.
const againstTheEstimates =
  'The estimates so far speak against it; it is tried all the same, because only a trial makes them surer.';

/** Components in the words of their options. */
const topicOf = (labels: readonly string[]): string =>
  labels
    .map((label) => {
      const [slot = '', option] = label.split('=');
      const known = slotOf(slot).options.find((one) => one.label === option);
      return known ? `${slot} ${known.phrase} ${known.mechanism}` : label;
    })
    .join(' ');

/** A way back to the parent or to a baseline is no design: those are known, so the variation is drawn again. */
function varyToSomethingNew(knowledge: OfflineKnowledge, random: Random, preferences: Preferences) {
  const known = new Set([knowledge.parent.genome, ...Object.values(baselineGenomes)].map(genomeHash));
  for (let tries = 1; ; tries++) {
    const varied = vary(knowledge, random, preferences);
    if (tries === mostVariations || !known.has(genomeHash(varied.genome))) return varied;
  }
}

function vary(
  { parent, partners }: OfflineKnowledge,
  random: Random,
  preferences: Preferences,
): { genome: Genome; origin: Origin } {
  const choice = random.next();
  if (choice < freshShare) return { genome: draw({ random, preferences }).genome, origin: { kind: 'draw' } };
  if (choice < freshShare + crossoverShare && partners.length > 0) {
    const partner = random.pick(partners);
    return {
      genome: crossover(parent.genome, partner.genome, { random, preferences }).genome,
      origin: { kind: 'crossover', parents: [parent, partner] },
    };
  }
  return { genome: mutate(parent.genome, { random, preferences }).genome, origin: { kind: 'mutation', parent } };
}
