import type { Bus } from '@asi/bus';
import { type DataOf, type HistoryEntry, type Insight, terminal } from '@asi/contracts';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import type { DescribedParent } from '../grammar/describe.ts';
import { type Genome, genomeSchema } from '../grammar/genome.ts';
import { recallEffects } from '../recall-effects.ts';
import { recallInsights } from '../recall-insights.ts';
import type { OfflineKnowledge } from './design.ts';

/** With the newest insight that the design may know, to be cited. */
export type OfflineRecollection = OfflineKnowledge & { readonly insight: Insight | null };

/** Gathers what the offline mind works from: genomes of parent and references, and what is known of components. */
export async function recallOffline(
  bus: Bus,
  data: DataOf<'design'>,
  signal: AbortSignal,
): Promise<OfflineRecollection> {
  const sampled = await described(bus, data.parent);
  const partners = (await Promise.all(data.references.map((one) => described(bus, one)))).filter((one) => one !== null);
  const learn = data.learnFromInsights;
  const insight = learn === 'no' ? null : ((await recallInsights(bus, data, 1, signal))[0] ?? null);
  return {
    // A design of a language model has no genome to vary: the best of what was shown beside it has.
    parent: sampled ?? partners[0] ?? { name: 'delta-net', genome: baselineGenomes['delta-net'], merit: null },
    isParentVaried: sampled !== null,
    partners,
    insight,
    effects: learn === 'no' ? [] : await recallEffects(bus, data),
    learn,
  };
}

async function described(bus: Bus, entry: HistoryEntry): Promise<DescribedParent | null> {
  const genome = await genomeOf(bus, entry);
  return genome ? { name: entry.name, genome, merit: entry.merit } : null;
}

async function genomeOf(bus: Bus, entry: HistoryEntry): Promise<Genome | null> {
  if (entry.baseline) return (baselineGenomes as Record<string, Genome>)[entry.baseline] ?? null;
  if (!entry.genomeHash) return null;
  const { body } = await bus.request('getArtifact', { hash: entry.genomeHash });
  if (body === null) throw terminal('artifact-missing', `the archive does not have genome ${entry.genomeHash}`);
  return genomeSchema.parse(JSON.parse(body));
}
