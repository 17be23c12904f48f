import type { Citation, Claim, Insight } from '@asi/contracts';
import type { Analysed } from '../offline/analyse.ts';
import type { AnalysisAnswer } from './answer.ts';
import type { CheckedAnswer, Founded } from './check-answer.ts';
import { chanceText, type MeasuredEffect } from './measured-effects.ts';
import { measuredSentence } from './measured-sentence.ts';
import { surenessOf } from './sureness-of.ts';

/**
 * The analysis from what stands of the answer. Comparisons, effects and the verdict on the prediction are those of the
 * statistics; the model adds causes, texts and citations. What is founded is said by code, and every sentence of the model stands in
 * quotation marks behind the word for what it is, a reading or a conjecture: so none passes for a measured fact, however it is put.
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
    (one) =>
      `${measuredSentence(one)} ${readingOf(one.claim.statement)} (Its confidence in this cause: ${one.claim.confidence.toFixed(2)}.)`,
  ),
];

const predictionTexts = ({ prediction: { right, wrong } }: AnalysisAnswer): string[] => [
  ...(right.text ? [`What the prediction got right: ${marked(right)}`] : []),
  ...(wrong.text ? [`What the prediction got wrong: ${marked(wrong)}`] : []),
];

const explanationTexts = ({ explanations }: AnalysisAnswer): string[] => explanations.map(marked);

const marked = ({ text, restsOn }: { readonly text: string; readonly restsOn: readonly string[] }): string =>
  restsOn.length > 0 ? readingOf(text) : `Conjecture, not shown by any measured effect: ${quoted(text)}`;

const readingOf = (text: string): string => `The analyst's reading, which is not measured: ${quoted(text)}`;

/** On one line and with no such mark within, so that it ends where it ends. */
const quoted = (text: string): string =>
  `"${text
    .trim()
    .replaceAll(/["“”„‟«»＂]/g, "'")
    .replaceAll(/\s+/g, ' ')}"`;

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
    text: insights.map((one) => [...sentencesOf(one.restsOn, founded), marked(one)].join(' ')).join(' '),
    // One half when nothing is stated, as the statistics have it.
    confidence: sureness.length === 0 ? 0.5 : Math.round(Math.min(...sureness) * 1e4) / 1e4,
  };
}

const sentencesOf = (restsOn: readonly string[], founded: readonly Founded[]): string[] =>
  founded.filter(({ claim }) => restsOn.includes(claim.id)).map(measuredSentence);
