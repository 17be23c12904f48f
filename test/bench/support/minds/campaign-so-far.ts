import {
  type ArtifactHash,
  artifactHashSchema,
  baselineComponents,
  catalogue,
  type ExperimentRecord,
  type HistoryEntry,
  hashText,
  type Insight,
  type Reference,
} from '@asi/contracts';
import { sampleCampaign } from '@asi/reading/testing';
import { createComponentSums } from '@asi/statistics';
import { type AnalyseData, analyse } from '../../../../agents/analyst/src/offline/analyse.ts';
import { baselineGenomes } from '../../../../agents/researcher/src/grammar/baseline-genomes.ts';
import type { Genome } from '../../../../agents/researcher/src/grammar/genome.ts';
import { designOffline } from '../../../../agents/researcher/src/offline/design.ts';
import type { Told } from '../../../../agents/researcher/src/testing/scripted-bus.ts';

/** One measured design of a campaign, with the command by which it was analysed. */
export type Settled = { readonly entry: HistoryEntry; readonly program: string; readonly analysed: AnalyseData };

export type CampaignSoFar = {
  readonly reference: Reference;
  /** In the order of sampling. */
  readonly designs: readonly Settled[];
  readonly insights: readonly Insight[];
  /** A run of the baseline that the scales are anchored on. */
  readonly anchor: HistoryEntry | undefined;
  readonly journal: readonly Told[];
  readonly artifacts: ReadonlyMap<string, string>;
};

type Record = ExperimentRecord & { readonly measurement: object; readonly fitness: object };
const isMeasured = (one: ExperimentRecord): one is Record => one.outcome === 'completed' && one.measurement !== null;
const siblingsShown = 4;

/**
 * A campaign of some candidates, in the shape and size of a real one: programs, motivations and predictions are those of the
 * grammar, analyses and insights those of the offline analyst, measurements and curves those of the sample campaign (made up).
 */
export function campaignSoFar(candidates = 16): CampaignSoFar {
  const sample = sampleCampaign({ candidates });
  const { reference } = sample.campaign;
  if (!reference) throw new Error('the sample campaign has a reference');
  const artifacts = new Map(sample.artifacts.map(({ body }) => [hashText(body) as string, body]));
  const keep = (body: string): ArtifactHash => {
    artifacts.set(hashText(body), body);
    return artifactHashSchema.parse(hashText(body));
  };
  const genomes = new Map<string, Genome>();
  const entries = new Map<string, HistoryEntry>();
  const parents = new Map<string, string>();
  const told: Told[] = [
    { definition: catalogue.referenceSet, experimentId: null, data: { campaignId: 'c001', reference } },
  ];
  const designs: Settled[] = [];
  const insights: Insight[] = [];
  const statistics = createComponentSums();

  for (const record of sample.experiments.filter(isMeasured)) {
    const { _id, baseline, measurement, fitness } = record;
    const attempt = { campaignId: 'c001', experimentId: _id, attempt: 1, token: 'token-0001' };
    const trained = { ...attempt, jobId: 'j', measurement };
    told.push({ definition: catalogue.trained, experimentId: _id, data: trained });
    const results = {
      experimentId: _id,
      merit: fitness.merit,
      fitness: fitness.total,
      languageModelLoss: measurement.languageModelLoss,
      battery: measurement.battery,
    };
    if (baseline !== null) {
      const genome = (baselineGenomes as { [name: string]: Genome })[baseline];
      if (!genome) continue;
      genomes.set(_id, genome);
      entries.set(_id, {
        ...results,
        name: baseline,
        baseline,
        programHash: null,
        genomeHash: null,
        components: [...(baselineComponents[baseline] ?? [])],
        motivation: '',
      });
      continue;
    }
    // The parent may be one that the sample lost: then the design descends from the newest one.
    const parentId = genomes.has(record.parentId ?? '') ? (record.parentId ?? '') : ([...genomes.keys()].at(-1) ?? '');
    const [parent, genome] = [entries.get(parentId), genomes.get(parentId)];
    if (!parent || !genome || !record.design) throw new Error(`${_id} has no parent`);
    const made = designOffline(
      {
        parent: { name: parent.name, genome, merit: parent.merit },
        isParentVaried: true,
        partners: [],
        effects: insights.at(-1)?.effects ?? [],
        learn: 'yes',
      },
      'minds',
      designs.length,
    );
    const entry: HistoryEntry = {
      ...results,
      name: made.name,
      baseline: null,
      programHash: keep(made.source),
      genomeHash: null,
      components: made.components,
      motivation: made.motivation,
    };
    const design = {
      ...record.design,
      ...made,
      programHash: keep(made.source),
      genomeHash: null,
      prediction: made.prediction,
    };
    const program = { kind: 'source', hash: keep(made.source), origin: 'grammar' };
    told.push({ definition: catalogue.designed, experimentId: _id, data: { ...attempt, design, program } });
    const grandparentId = parents.get(parentId);
    const data = catalogue.analyse.data.parse({
      ...attempt,
      campaignNumber: 1,
      ordinal: designs.length + 1,
      horizon: designs.length,
      yardstick: reference.yardstick,
      mind: 'llm',
      name: made.name,
      design,
      measurement,
      fitness,
      reference,
      parent,
      grandparent: entries.get(grandparentId ?? '') ?? null,
      siblings: [...parents]
        .filter(([, of]) => of === parentId)
        .slice(-siblingsShown)
        .map(([id]) => entries.get(id)),
    });
    const { analysis, insight } = analyse(data, statistics, [], record.finishedAt);
    statistics.add({ components: made.components, merit: fitness.merit });
    told.push({ definition: catalogue.analysed, experimentId: _id, data: { ...attempt, analysis } });
    genomes.set(_id, made.genome);
    entries.set(_id, entry);
    parents.set(_id, parentId);
    insights.push(insight);
    designs.push({ entry, program: made.source, analysed: data });
  }
  const anchor = [...entries.values()].find(({ baseline }) => baseline === reference.baseline.name);
  return { reference, designs, insights, anchor, journal: told, artifacts };
}
