import { curveLines, resultLines } from '@asi/agent-kit';
import { predictionWords } from '@asi/contracts';
import { asData, dataConvention, type Part } from '@asi/llm';
import type { AnalyseData } from '../mind.ts';
import type { Analysed, PaperHit } from '../offline/analyse.ts';
import { intervalText } from './check-answer.ts';
import type { Material, Relative } from './material.ts';
import { chanceText, isInsideNoise, type MeasuredEffect } from './measured-effects.ts';

const lines = (all: readonly string[]): string => all.map((one) => `- ${one}`).join('\n');
const figure = (value: number | null): string => (value === null ? 'not known' : value.toFixed(3));

/** What fills the gaps of the prompt, but for what may be left out. Everything that others wrote stands in data blocks. */
export const valuesOf = (
  data: AnalyseData,
  { program, curves }: Material,
  statistics: Analysed['analysis'],
  effects: readonly MeasuredEffect[],
) => ({
  dataConvention,
  id: data.experimentId,
  idea: asData(
    'name, motivation and components of the design',
    [data.name, data.design.motivation, `Components: ${data.design.components.join(', ')}`].join('\n'),
  ),
  program: asData('program of the design', program),
  results: lines(resultLines(data.measurement, data.fitness, data.reference)),
  curves: lines(curveLines(curves, data.measurement)),
  // It quotes the prediction and names, which others wrote.
  statistics: asData('sentences of the statistics', statistics.text),
  prediction: predictionText(data, statistics.predictionHeld),
  effects: `${chanceText(effects)}\n\n${asData('measured effects, with labels by the designers', lines(effects.map(effectText)))}`,
});

function predictionText({ design: { prediction } }: AnalyseData, held: Analysed['analysis']['predictionHeld']): string {
  if (!prediction) return 'Nothing was predicted.';
  return `${asData('the prediction', `${predictionWords(prediction)}, because ${prediction.mechanism}; confidence ${prediction.confidence}`)}\n\nDecided by code, from the interval of the difference to the parent: ${held}.`;
}

const effectText = (effect: MeasuredEffect): string =>
  `${effect.id}: ${intervalText(effect)}${isInsideNoise(effect) ? ' (inside the noise: no claim)' : ''}; ${effect.about}` +
  `${effect.subjects === null ? '' : `; subjects: ${effect.subjects.join(', ')}`}`;

/** A section, with what the record calls it when it is left out. */
export type OptionalSection = Part & { readonly paper: string | null };

/** What is left out when the context is too small: the oldest siblings first, the difference to the parent last. */
export const optionalSections = (
  data: AnalyseData,
  { relatives, parentRun }: Material,
  hits: readonly PaperHit[],
): OptionalSection[] => [
  ...relatives.map((one) => ({
    what: `${one.relation} ${one.entry.experimentId}`,
    paper: null,
    text: relativeText(one),
    priority: priorities[one.relation],
  })),
  ...(parentRun
    ? [
        {
          what: `curves of ${data.parent.experimentId}`,
          paper: null,
          priority: 2,
          text: `## Training losses of its parent ${data.parent.experimentId}, claimed in the same way\n\n${lines(curveLines(parentRun.curves, parentRun.measurement))}`,
        },
      ]
    : []),
  ...hits.map((hit) => ({
    what: `paper ${hit.paper._id}`,
    paper: hit.paper._id,
    text: paperText(hit),
    priority: 3,
  })),
];

const priorities = { sibling: 0, grandparent: 1, parent: 4 } as const;

function relativeText({ relation, entry, difference }: Relative): string {
  const results = `merit ${figure(entry.merit)}, language-model loss ${figure(entry.languageModelLoss)}, battery ${figure(entry.battery)}`;
  const about = asData(
    `name, motivation and components of ${entry.experimentId}`,
    [entry.name, entry.motivation, `Components: ${entry.components.join(', ')}`].join('\n'),
  );
  const from =
    entry.baseline === null
      ? 'From its program'
      : 'From the program that our grammar writes for it, which the designer was shown (what was trained is the built-in of the trainer, which computes the same),';
  const code =
    difference === null
      ? 'It is a built-in of the trainer, whose code is not in the archive: compare the components.'
      : `${from} (-) to that of the design (+):\n\n${asData(`difference in code to ${entry.experimentId}`, difference)}`;
  return `## Its ${relation} ${entry.experimentId}: ${results}\n\n${about}\n\n${code}`;
}

function paperText({ paper, matched }: PaperHit): string {
  const insights = paper.insights.map(
    ({ symptom, idea, implementation }) => `Symptom: ${symptom}\nIdea: ${idea}\nImplementation: ${implementation}`,
  );
  return `## Paper ${paper._id}, found by ${matched.slice(0, 8).join(', ')}\n\n${asData(`paper ${paper._id}`, [`${paper.title} (${paper.year})`, paper.summary, ...insights].join('\n'))}`;
}
