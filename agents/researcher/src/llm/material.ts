import type { Bus } from '@asi/bus';
import {
  type ArtifactHash,
  type DataOf,
  type HistoryEntry,
  type Insight,
  type Prediction,
  type Reference,
  terminal,
} from '@asi/contracts';
import { type Weakness, weakTasks } from '@asi/statistics';
import { genomeOfBaseline } from '../grammar/baseline-program.ts';
import { titleOf } from '../grammar/emit/header.ts';
import { emit } from '../grammar/emit.ts';
import { type AssignedEffect, assignedEffects } from '../offline/preferences.ts';
import { recallEffects } from '../recall-effects.ts';
import { recallInsights } from '../recall-insights.ts';
import { factsOf, referenceOf } from './records.ts';

/** An earlier design as the mind is shown it. */
export type KnownDesign = {
  readonly entry: HistoryEntry;
  readonly code: string;
  /** Of the program as it is shown; null of a baseline, and of what is not measured. */
  readonly certificateHash: ArtifactHash | null;
  readonly motivation: string;
  readonly prediction: Prediction | null;
  /** Its tasks against the best linear baselines, the weakest first; empty where it is not measured. */
  readonly tasks: readonly Weakness[];
  /** The text of its analysis, and why it cites what it cites; null where nothing may be learnt from it, or nobody analysed it. */
  readonly analysis: { readonly text: string; readonly cited: readonly string[] } | null;
};

/** What a design is made from, before any model is asked. */
export type Material = {
  readonly parent: KnownDesign;
  readonly references: readonly KnownDesign[];
  readonly reference: Reference | null;
  readonly insights: readonly Insight[];
  /** Estimated effects of components on merit, the largest first. */
  readonly effects: readonly AssignedEffect[];
};

const insightsShown = 5;
const effectsShown = 16;

/**
 * Gathers code, results, analyses and insights. What is shown follows from the command alone: results of an experiment are
 * looked up only where the command says that they were known when it was sampled.
 */
export async function gather(bus: Bus, data: DataOf<'design'>, signal: AbortSignal): Promise<Material> {
  const { parent, references, learnFromInsights: learn } = data;
  const isMeasured = [parent, ...references].some(({ merit }) => merit !== null);
  const [reference, insights] = await Promise.all([
    isMeasured ? referenceOf(bus, data.campaignId) : null,
    learn === 'no' ? [] : recallInsights(bus, data, insightsShown, signal),
  ]);
  const effects = learn === 'no' ? [] : await recallEffects(bus, data);
  const knownTo = (entry: HistoryEntry) => knownDesign(bus, entry, reference, learn === 'yes');
  return {
    parent: await knownTo(parent),
    references: await Promise.all(references.map(knownTo)),
    reference,
    // Words cannot be assigned to the wrong components: of the shuffled control only the effects are shown.
    insights: learn === 'yes' ? insights : [],
    effects: assignedEffects(effects, learn, data.seed)
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
      .slice(0, effectsShown),
  };
}

async function knownDesign(
  bus: Bus,
  entry: HistoryEntry,
  reference: Reference | null,
  mayLearn: boolean,
): Promise<KnownDesign> {
  const facts = entry.merit === null ? null : await factsOf(bus, entry);
  const analysis = facts?.analysis;
  const genome = genomeOfBaseline(entry.baseline);
  return {
    entry,
    code: genome ? emit(genome) : await programOf(bus, entry),
    certificateHash: facts?.certificateHash ?? null,
    motivation: genome ? `A baseline of the literature. ${titleOf(genome)}.` : entry.motivation,
    prediction: facts?.design?.prediction ?? null,
    tasks: facts?.measurement && reference ? weakTasks(facts.measurement, reference) : [],
    analysis:
      analysis && mayLearn
        ? { text: analysis.text, cited: analysis.citations.map(({ kind, id, why }) => `${kind} ${id}: ${why}`) }
        : null,
  };
}

async function programOf(bus: Bus, { name, programHash }: HistoryEntry): Promise<string> {
  if (!programHash)
    throw terminal('parent-without-program', `${name} has no program that could be shown: choose another parent`);
  const { body } = await bus.request('getArtifact', { hash: programHash });
  if (body === null) throw terminal('artifact-missing', `the archive does not have program ${programHash} of ${name}`);
  return body;
}
