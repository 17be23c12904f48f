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

/**
 * What gives way when the context is too small: the oldest siblings first; of the parent its code, which is shortened, and its results
 * and labels last, for most claims compare with them.
 */
export const optionalSections = (
  data: AnalyseData,
  { relatives, parentRun }: Material,
  hits: readonly PaperHit[],
): OptionalSection[] => [
  ...relatives.flatMap((one) => (one.relation === 'parent' ? parentSections(one) : [relativeSection(one)])),
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

const priorities = { sibling: 0, grandparent: 1, parent: 5 } as const;

/** Its code apart from what is known of it. */
function parentSections(parent: Relative): OptionalSection[] {
  const { what, text, priority } = sectionOf(parent);
  const known = { what: `results of ${what}`, paper: null, text, priority };
  if (parent.difference === null) return [known];
  const data = { label: codeLabel(parent), keep: 'beginning' } as const;
  return [
    known,
    { what: `the difference in code to ${what}`, paper: null, text: parent.difference, priority: 4, data },
  ];
}

function relativeSection(relative: Relative): OptionalSection {
  const { what, text, priority } = sectionOf(relative);
  const code = relative.difference === null ? [] : [asData(codeLabel(relative), relative.difference)];
  return { what, paper: null, text: [text, ...code].join('\n\n'), priority };
}

const codeLabel = ({ entry }: Relative): string => `difference in code to ${entry.experimentId}`;

/** Without its code. */
function sectionOf({ relation, entry, difference }: Relative) {
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
      : `${from} (-) to that of the design (+):`;
  return {
    what: `${relation} ${entry.experimentId}`,
    text: `## Its ${relation} ${entry.experimentId}: ${results}\n\n${about}\n\n${code}`,
    priority: priorities[relation],
  };
}

function paperText({ paper, matched }: PaperHit): string {
  const insights = paper.insights.map(
    ({ symptom, idea, implementation }) => `Symptom: ${symptom}\nIdea: ${idea}\nImplementation: ${implementation}`,
  );
  return `## Paper ${paper._id}, found by ${matched.slice(0, 8).join(', ')}\n\n${asData(`paper ${paper._id}`, [`${paper.title} (${paper.year})`, paper.summary, ...insights].join('\n'))}`;
}
