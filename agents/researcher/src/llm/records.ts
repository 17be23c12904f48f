import type { Bus } from '@asi/bus';
import {
  type Analysis,
  type ArtifactHash,
  buildSubject,
  catalogue,
  type DataOf,
  type Design,
  filterFor,
  type HistoryEntry,
  type Measurement,
  type Reference,
} from '@asi/contracts';

/** What the journal holds of one settled experiment. */
export type ExperimentFacts = {
  readonly design: Design | null;
  readonly measurement: Measurement | null;
  readonly analysis: Analysis | null;
  /** Of the program that was measured, which an engineer may have changed. */
  readonly certificateHash: ArtifactHash | null;
};

const told = [catalogue.designed, catalogue.trained, catalogue.analysed] as const;

/**
 * Design, measurement and analysis of an experiment, from the journal: the only memory that agents have. A measurement
 * counts when it is the one of the entry, for a late answer to an older attempt stands in the journal as well.
 */
export async function factsOf(bus: Bus, entry: HistoryEntry): Promise<ExperimentFacts> {
  const experiment = entry.experimentId;
  const filters = told.map(({ kind, owner, name }) => buildSubject({ kind, owner, name, experiment }));
  let facts: ExperimentFacts = { design: null, measurement: null, analysis: null, certificateHash: null };
  for await (const { envelope } of bus.journal({ filters })) {
    if (envelope?.type === catalogue.designed.type)
      facts = designedFacts(facts, (envelope.data as DataOf<'designed'>).design);
    if (envelope?.type === catalogue.analysed.type)
      facts = { ...facts, analysis: (envelope.data as DataOf<'analysed'>).analysis };
    if (envelope?.type === catalogue.trained.type) {
      const { measurement, revisions } = envelope.data as DataOf<'trained'>;
      const { languageModelLoss, battery } = measurement;
      if (languageModelLoss !== entry.languageModelLoss || battery !== entry.battery) continue;
      const certificateHash = revisions?.at(-1)?.certificateHash ?? facts.certificateHash;
      facts = { ...facts, measurement, certificateHash };
    }
  }
  return facts;
}

const designedFacts = (facts: ExperimentFacts, design: Design): ExperimentFacts => ({
  ...facts,
  design,
  certificateHash: design.certificateHash,
});

/** The reference of a campaign: its baselines and its noise; null until the director has set it. */
export async function referenceOf(bus: Bus, campaignId: string): Promise<Reference | null> {
  const { kind, owner, name } = catalogue.referenceSet;
  let reference: Reference | null = null;
  for await (const { envelope } of bus.journal({ filters: [filterFor(kind, owner, name)] })) {
    const data = envelope?.data as DataOf<'referenceSet'> | undefined;
    if (data?.campaignId === campaignId) reference = data.reference;
  }
  return reference;
}
