import { campaignSettingsSchema, seededRandom } from '@asi/contracts';
import { componentEffects, createComponentSums } from '@asi/statistics';
import { policies } from '../../../agents/director/src/selection/policies.ts';
import type { PoolEntry } from '../../../agents/director/src/selection/policy.ts';
import { baselineGenomes } from '../../../agents/researcher/src/grammar/baseline-genomes.ts';
import { components } from '../../../agents/researcher/src/grammar/components.ts';
import type { Genome } from '../../../agents/researcher/src/grammar/genome.ts';
import { designOffline } from '../../../agents/researcher/src/offline/design.ts';
import { type Landscape, normal } from './synthetic-landscape.ts';

export type Feedback = 'yes' | 'no' | 'shuffled';

export type Simulation = {
  readonly landscape: Landscape;
  readonly seed: string;
  /** Arms of one campaign have the same measured baselines and nothing else in common. */
  readonly arm?: string;
  readonly feedback: Feedback;
  readonly candidates: number;
  /** Standard deviation of one measurement of merit. */
  readonly noise: number;
  readonly inFlight: number;
};

export type Outcome = {
  /** True merit of the candidate that measured best: what the campaign would hand over. */
  readonly winner: number;
  /** Mean true merit of all candidates. */
  readonly mean: number;
  /** Merit of each candidate as it was measured, in the order of sampling. */
  readonly measured: readonly number[];
  /** Drafts that the grammar could not make consistent; the next draft took their place. */
  readonly unrepaired: number;
};

type Design = { readonly entry: PoolEntry; readonly genome: Genome; readonly truth: number };

const { policyOptions, limits } = campaignSettingsSchema.parse({});
const baselineSeeds = 3;
/** Of the noise between seeds, with the default baselines. */
const degreesOfFreedom = 8;

/**
 * A campaign in which only training is made up: policy, designs, estimation and the horizon within which a candidate
 * knows of earlier ones are those of the house.
 */
export function simulateCampaign(simulation: Simulation): Outcome {
  const { landscape, seed, feedback, candidates, noise, inFlight } = simulation;
  const own = simulation.arm === undefined ? seed : `${seed}/${simulation.arm}`;
  const measured = (truth: number, id: string, of: string) =>
    truth + noise * normal(seededRandom(of, id, 'measurement'));
  const baselines = Object.entries(baselineGenomes).map(([name, genome]) => {
    const labels = components(genome as Genome);
    const truth = landscape.merit(labels);
    const runs = Array.from({ length: baselineSeeds }, (_, run) => measured(truth, `${name} ${run}`, seed));
    const score = runs.reduce((sum, one) => sum + one, 0) / runs.length;
    const entry = { experimentId: name, name, kind: 'baseline' as const, age: 0, score, components: labels };
    return { runs, design: { entry, genome: genome as Genome, truth } };
  });
  const designs: Design[] = [];
  let unrepaired = 0;
  const seen = new Set(baselines.map(({ design }) => design.entry.components.join()));

  /** As the analyst estimates them for a design that knows these. */
  const effectsOf = (candidates: readonly Design[]) => {
    const sums = createComponentSums();
    for (const { runs, design } of baselines) {
      for (const merit of runs) sums.add({ components: design.entry.components, merit });
    }
    for (const { entry } of candidates) sums.add({ components: entry.components, merit: entry.score });
    return componentEffects(sums, { noise, degreesOfFreedom });
  };

  for (let ordinal = 1; ordinal <= candidates; ordinal++) {
    const horizon = Math.max(0, ordinal - inFlight);
    const known = [...baselines.map(({ design }) => design), ...designs.slice(0, horizon)];
    const genomes = new Map(known.map((one) => [one.entry.experimentId, one]));
    const random = seededRandom(own, ordinal, 'sampling');
    const { parent, references } = policies['top-k']({
      pool: known.map(({ entry }) => entry),
      random,
      options: policyOptions,
    });
    const described = (entry: PoolEntry) => ({
      name: entry.name,
      merit: entry.score,
      genome: genomes.get(entry.experimentId)?.genome as Genome,
    });
    const knowledge = {
      parent: described(parent),
      isParentVaried: true,
      partners: references.map(described),
      effects: horizon === 0 ? [] : effectsOf(designs.slice(0, horizon)),
      learn: feedback,
    };
    const drafts = Array.from({ length: limits.drawsPerDesign }, (_, i) => i + 1);
    let designed: ReturnType<typeof designOffline> | null = null;
    for (const draw of drafts) {
      const drafted = draftOf(knowledge, `${own}/${ordinal}`, draw);
      if (drafted === null) unrepaired++;
      designed = drafted ?? designed;
      if (drafted && !seen.has(drafted.components.join())) break;
    }
    if (!designed) throw new Error(`the grammar gave no design in ${limits.drawsPerDesign} draws`);
    seen.add(designed.components.join());
    const truth = landscape.merit(designed.components);
    const score = measured(truth, `candidate ${ordinal}`, own);
    const experimentId = `candidate-${ordinal}`;
    const { genome, name, components: labels } = designed;
    designs.push({
      genome,
      truth,
      entry: { experimentId, name, kind: 'candidate', age: ordinal, score, components: labels },
    });
  }
  const winner = [...designs].sort((a, b) => b.entry.score - a.entry.score)[0];
  const mean = designs.reduce((sum, one) => sum + one.truth, 0) / designs.length;
  return { winner: winner?.truth ?? 0, mean, measured: designs.map(({ entry }) => entry.score), unrepaired };
}

/** One draft of the researcher, or null where the grammar's repair rules found no consistent genome. */
function draftOf(...input: Parameters<typeof designOffline>): ReturnType<typeof designOffline> | null {
  try {
    return designOffline(...input);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no consistent genome')) return null;
    throw error;
  }
}
