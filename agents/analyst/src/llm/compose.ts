import type { Citation, Claim, Insight } from '@asi/contracts';
import type { Analysed } from '../offline/analyse.ts';
import type { AnalysisAnswer } from './answer.ts';
import { type CheckedAnswer, type Founded, intervalText } from './check-answer.ts';
import { chanceText, type MeasuredEffect } from './measured-effects.ts';
import { surenessOf } from './sureness-of.ts';

/**
 * The analysis from what stands of the answer. Comparisons, effects and the verdict on the prediction are those of the
 * statistics; the model adds causes, texts and citations, each marked by what it rests on.
 */
export function compose(
  statistics: Analysed,
  { founded, standing }: Pick<CheckedAnswer, 'founded' | 'standing'>,
  effects: readonly MeasuredEffect[],
  record: { readonly calls: readonly string[]; readonly remarks: readonly string[]; readonly author: string },
): Analysed {
  const { analysis, insight } = statistics;
  return {
    analysis: {
      ...analysis,
      text: [
        analysis.text,
        ...claimTexts(founded, effects),
        ...predictionTexts(standing),
        ...explanationTexts(standing),
      ].join('\n'),
      citations: citationsWith(analysis.citations, standing.citations),
      claims: founded.map(claimOf),
      author: record.author,
      calls: [...record.calls],
      remarks: [...record.remarks],
    },
    insight: withLessons(insight, standing, founded),
  };
}

const claimOf = ({ claim, effect }: Founded): Claim => ({
  subject: claim.subject,
  direction: claim.direction,
  size: claim.size,
  evidence: claim.evidence,
  measured: effect.difference,
  low: effect.low,
  high: effect.high,
  confidence: claim.confidence,
  statement: claim.statement,
});

const claimTexts = (founded: readonly Founded[], effects: readonly MeasuredEffect[]): string[] => [
  ...(founded.length > 0 ? [chanceText(effects)] : []),
  ...founded.map(
    ({ claim, effect }) =>
      `${claim.statement.trim()} (${claim.subject}, by ${effect.id} ${intervalText(effect)}; confidence in this cause ${claim.confidence.toFixed(2)}.)`,
  ),
];

const predictionTexts = ({ prediction: { right, wrong } }: AnalysisAnswer): string[] => [
  ...(right.text ? [`What the prediction got right: ${marked(right)}`] : []),
  ...(wrong.text ? [`What the prediction got wrong: ${marked(wrong)}`] : []),
];

const explanationTexts = ({ explanations }: AnalysisAnswer): string[] => explanations.map(marked);

const marked = ({ text, restsOn }: { readonly text: string; readonly restsOn: readonly string[] }): string =>
  restsOn.length > 0 ? text.trim() : `Conjecture, not shown by any measured effect: ${text.trim()}`;

/** The parent, which the statistics cite, and what the model cites, each once. */
function citationsWith(known: readonly Citation[], added: readonly Citation[]): Citation[] {
  const cited = new Map([...known, ...added].map((one) => [`${one.kind} ${one.id}`, one]));
  return [...cited.values()];
}

/** Lessons of the model with the effects of the statistics; those of the statistics alone where the model drew none that stands. */
function withLessons(insight: Insight, { insights }: AnalysisAnswer, founded: readonly Founded[]): Insight {
  if (insights.length === 0) return insight;
  const sureness = insights.flatMap(({ restsOn, confidence }) => {
    const signs = founded.filter(({ claim }) => restsOn.includes(claim.id)).map(({ effect }) => surenessOf(effect));
    return signs.length === 0 ? [] : [Math.min(confidence, ...signs)];
  });
  return {
    ...insight,
    text: insights.map((one) => `${marked(one)}${evidenceOf(one.restsOn, founded)}`).join(' '),
    // One half when nothing is stated, as the statistics have it.
    confidence: sureness.length === 0 ? 0.5 : Math.round(Math.min(...sureness) * 1e4) / 1e4,
  };
}

function evidenceOf(restsOn: readonly string[], founded: readonly Founded[]): string {
  const resting = founded.filter(({ claim }) => restsOn.includes(claim.id));
  return resting.length === 0
    ? ''
    : ` (Measured: ${resting.map(({ effect }) => `${effect.id} ${intervalText(effect)}`).join('; ')}.)`;
}
