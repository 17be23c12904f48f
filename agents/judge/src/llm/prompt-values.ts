import { curveLines, resultLines } from '@asi/agent-kit';
import {
  baselineComponents,
  inOrderOfSampling,
  predictionWords,
  type Reference,
  referenceOnlyBaselines,
} from '@asi/contracts';
import { asData, dataConvention, type Part } from '@asi/llm';
import { complexityOf } from '../offline/complexity.ts';
import { innovationOf } from '../offline/innovation.ts';
import { performanceOf } from '../offline/performance.ts';
import type { DesignToJudge, Material, Run } from './material.ts';

const lines = (all: readonly string[]): string => all.map((one) => `- ${one}`).join('\n');
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What fills the gaps of the prompt, but for what may be left out. Everything that others wrote stands in data blocks. */
export const valuesOf = (data: DesignToJudge, { program, curves }: Material) => ({
  dataConvention,
  anchors: anchors(data.reference),
  idea: asData('name, motivation, prediction and components of the design', ideaText(data)),
  program: asData('program of the design', program),
  novelty: noveltyText(data),
  results: lines(resultLines(data.measurement, data.fitness, data.reference)),
  curves: lines(curveLines(curves, data.measurement)),
});

/** What is left out when the context is too small, the first of them first. */
export function optionalSections({ parent, relatives, anchor }: DesignToJudge, material: Material): Part[] {
  const family = [...relatives].sort((a, b) => inOrderOfSampling(a.experimentId, b.experimentId));
  return [
    ...family.map(({ experimentId, name, components }) => ({
      what: `what is known of ${experimentId}`,
      priority: 0,
      text: `## An earlier design: ${experimentId}\n\n${asData('name and components', [name, ...components].join('\n'))}`,
    })),
    ...(parent && material.parent && parent.experimentId !== anchor?.experimentId
      ? [
          {
            what: `the training losses of ${parent.experimentId}`,
            priority: 1,
            text: `## Training losses of its parent ${parent.experimentId}, claimed in the same way\n\n${curvesText(material.parent)}`,
          },
        ]
      : []),
    ...(anchor && material.anchor
      ? [
          {
            what: `the training losses of ${anchor.experimentId}`,
            priority: 2,
            text: `## Training losses of ${anchor.name} (${anchor.experimentId}${anchor.experimentId === parent?.experimentId ? ', its parent' : ''}), whose convergence is 5, claimed in the same way\n\n${curvesText(material.anchor)}`,
          },
        ]
      : []),
    ...(parent
      ? [
          {
            what: `what is known of its parent ${parent.experimentId}`,
            priority: 3,
            text: `## Its parent: ${parent.experimentId}, merit ${parent.merit === null ? 'not measured' : parent.merit.toFixed(3)}\n\n${asData('name and components of the parent', [parent.name, ...parent.components].join('\n'))}`,
          },
        ]
      : []),
  ];
}

const curvesText = ({ curves, measurement }: Run): string => lines(curveLines(curves, measurement));

const notesOf: Readonly<Record<string, string>> = {
  'softmax-attention': 'no linear mixer: its cost grows with the length; for comparison only',
  'convolution-only': 'no recurrent state: the floor that every mixer should beat; for comparison only',
};

/** The measured baselines with the scores that the offline rubric gives them. */
function anchors(reference: Reference): string {
  return lines(
    reference.models.map(({ name, merit, parameters }) => {
      const measurement = { parameters: { mixer: parameters, total: parameters } };
      const complexity = complexityOf(measurement, baselineComponents[name] ?? null, reference).score;
      const kind = referenceOnlyBaselines.includes(name) ? ` (${notesOf[name] ?? 'for comparison only'})` : '';
      return (
        `${name}${kind}: performance ${performanceOf(merit, reference).score.toFixed(1)}, innovation 1 (published), ` +
        `complexity ${complexity.toFixed(1)}; merit ${merit.toFixed(3)}, ${parameters} mixer parameters` +
        `${name === reference.baseline.name ? '; convergence 5, by definition' : ''}`
      );
    }),
  );
}

function ideaText({ design }: DesignToJudge): string {
  const { prediction } = design;
  return [
    design.name,
    design.motivation,
    ...(prediction
      ? [`Predicted before training: ${predictionWords(prediction)}, because ${prediction.mechanism}`]
      : []),
    `Components: ${design.components.join(', ')}`,
  ].join('\n');
}

function noveltyText({ design, parent, relatives }: DesignToJudge): string {
  const family = parent ? [parent, ...relatives] : relatives;
  const { fromFamily, fromBaselines, nearestBaseline, rare } = innovationOf(design.components, family);
  return lines([
    `${percent(fromFamily)} of its component labels are not those of the nearest of its ${family.length} relatives`,
    `${percent(fromBaselines)} are not those of the nearest baseline, ${nearestBaseline}`,
    `${percent(rare)} are in none of them`,
    'the labels are the words of its author: a new word is not yet a new mechanism',
  ]);
}
