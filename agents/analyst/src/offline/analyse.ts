import {
  type Analysis,
  type Citation,
  type DataOf,
  type Insight,
  meritScaleOf,
  type Paper,
  terminal,
} from '@asi/contracts';
import type { ComponentSums } from '@asi/statistics';
import { componentEffects, normalCdf, normalQuantile95, weakestTask } from '@asi/statistics';
import { type Comparison, comparisonsOf, differenceReach, type MeritNoise } from './comparisons.ts';
import { checkPrediction } from './prediction-check.ts';
import { clearEffects, unfoundedClaims } from './text/claims.ts';
import {
  effectsSentence,
  parentSentence,
  predictionSentence,
  relativesSentence,
  resultSentence,
  suspicionSentence,
  weaknessSentence,
} from './text/sentences.ts';

export type AnalyseData = DataOf<'analyse'>;
export type PaperHit = { readonly paper: Paper; readonly matched: readonly string[] };
export type Analysed = { readonly analysis: Analysis; readonly insight: Insight };

const author = 'analyst/offline';
const papersCited = 2;

/**
 * What one result teaches, from the command, the sums over all experiments that it may know, and the literature found
 * for its weakest task. Pure: the same input gives the same analysis.
 */
export function analyse(data: AnalyseData, tree: ComponentSums, hits: readonly PaperHit[], at: string): Analysed {
  const { design, fitness, measurement, reference, parent, name } = data;
  const statistics = tree.copy();
  statistics.add({ components: design.components, merit: fitness.merit });
  const effects = componentEffects(statistics, meritScaleOf(reference));
  const comparisons = comparisonsOf({ components: design.components, merit: fitness.merit }, data);
  const predictionHeld = checkPrediction(design.prediction, fitness.merit, parent.merit, reference.noise);
  const weakness = weakestTask(measurement, reference);
  const cited = hits.slice(0, papersCited);

  const lesson = [
    parentSentence(comparisons, reference.noise),
    effectsSentence(effects, statistics.count(0)),
    weaknessSentence(weakness),
    literatureSentence(cited),
    suspicionSentence(fitness.suspicious),
  ];
  const text = [
    resultSentence(name, fitness.merit, measurement, reference),
    ...lesson.slice(0, 1),
    relativesSentence(comparisons),
    predictionSentence(design, predictionHeld, reference.noise),
    ...lesson.slice(1),
  ];
  const insight: Insight = {
    _id: data.experimentId,
    experimentId: data.experimentId,
    campaignNumber: data.campaignNumber,
    ordinal: data.ordinal,
    yardstick: data.yardstick,
    text: joined(lesson),
    confidence: confidenceOf(effects, comparisons, reference.noise),
    effects,
    at,
  };
  for (const told of [joined(text), insight.text]) {
    const unfounded = unfoundedClaims(told, effects);
    if (unfounded.length > 0) throw terminal('claim-unfounded', `the analysis claims ${unfounded.join('; ')}`);
  }
  const citations: Citation[] = cited.map(({ paper, matched }) => ({
    kind: 'paper',
    id: paper._id,
    why: `${paper.title}: speaks of ${matched.slice(0, 5).join(', ')}`,
  }));
  const analysis: Analysis = {
    comparisons,
    predictionHeld,
    text: joined(text),
    insightIds: [insight._id],
    citations: [{ kind: 'experiment', id: parent.experimentId, why: 'the parent it is compared with' }, ...citations],
    author,
  };
  return { analysis, insight };
}

const joined = (sentences: readonly string[]): string => sentences.filter((one) => one !== '').join(' ');

function literatureSentence(hits: readonly PaperHit[]): string {
  const ideas = hits.flatMap(({ paper }) => {
    const insight = paper.insights[0];
    return insight ? [`${insight.idea.replace(/\.$/, '')} (${paper.title}, arXiv ${paper._id})`] : [];
  });
  return ideas.length === 0 ? '' : `The literature on this symptom: ${ideas.join('; ')}.`;
}

/** Probability that the least certain of the stated signs is right; one half when nothing is stated. */
function confidenceOf(effects: Insight['effects'], comparisons: readonly Comparison[], noise: MeritNoise): number {
  const parent = comparisons.find((one) => one.relation === 'parent' && one.beyondNoise);
  const sureness = (value: number, halfWidth: number) =>
    normalCdf((normalQuantile95 * Math.abs(value)) / Math.max(halfWidth, 1e-9));
  const certainties = clearEffects(effects)
    .map(({ effect, low, high }) => sureness(effect, (high - low) / 2))
    .concat(parent ? [sureness(parent.meritDifference, differenceReach(noise))] : []);
  return Math.round((certainties.length === 0 ? 0.5 : Math.min(...certainties)) * 1e4) / 1e4;
}
