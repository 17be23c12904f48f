import { inOrderOfSampling } from '@asi/contracts';
import { asData, type Part } from '@asi/llm';
import type { KnownDesign } from './material.ts';
import type { Recollection } from './recall-graph.ts';
import { resultsText } from './results-text.ts';

/** A part of the material that a short context may have to do without. */
export type OptionalSection = Part & {
  /** What cannot be cited without it; null where something else shows it too. */
  readonly citedAs: string | null;
};

/** What goes last when the context is short has the highest number. */
const priorities = { program: 1, design: 2, paper: 3, insight: 4 } as const;

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(3)}`;

const titleOf = ({ entry }: KnownDesign) => `${entry.name} (experiment ${entry.experimentId})`;

/** What a designer must be shown: the parent with its program and results, and the effects of components. */
export function essentialText(recollection: Recollection): string {
  const { parent, effects } = recollection;
  const lines = effects.map(
    ({ component, effect, low, high }) => `${component} ${signed(effect)} [${signed(low)}, ${signed(high)}]`,
  );
  return [
    `## The parent: ${titleOf(parent)}`,
    aboutText(parent, recollection),
    asData('components of the parent', parent.entry.components.join('\n')),
    asData('program of the parent', parent.code),
    ...(lines.length === 0
      ? []
      : [
          '## Effects of components on merit, estimated from all results known so far, with 95 % intervals: what holds zero may be chance',
          asData('effects', lines.join('\n')),
        ]),
  ].join('\n\n');
}

/** The rest: lessons, literature, other designs, the oldest first. */
export function optionalSections(recollection: Recollection): OptionalSection[] {
  const { references, insights, papers } = recollection;
  return [
    ...insights.map(({ _id, text }) => ({
      text: `## Insight ${_id}\n\n${asData('insight', text)}`,
      priority: priorities.insight,
      what: `insight ${_id}`,
      citedAs: `insight ${_id}`,
    })),
    ...papers.map((paper) => ({
      text: `## Paper ${paper._id}\n\n${asData('paper', paperText(paper))}`,
      priority: priorities.paper,
      what: `paper ${paper._id}`,
      citedAs: `paper ${paper._id}`,
    })),
    ...[...references].sort(byAge).flatMap((design) => [
      {
        text: `## Another design: ${titleOf(design)}\n\n${aboutText(design, recollection)}`,
        priority: priorities.design,
        what: `what is known of ${design.entry.experimentId}`,
        citedAs: `experiment ${design.entry.experimentId}`,
      },
      {
        text: `## The program of ${titleOf(design)}\n\n${asData('program', design.code)}`,
        priority: priorities.program,
        what: `the program of ${design.entry.experimentId}`,
        citedAs: null,
      },
    ]),
  ];
}

function aboutText(design: KnownDesign, { reference, experiences }: Recollection): string {
  const experience = experiences[design.entry.experimentId];
  return [
    asData('motivation', design.motivation),
    asData('results', resultsText(design, reference)),
    ...(experience === undefined ? [] : [asData('experience', experience)]),
  ].join('\n');
}

const paperText = ({ title, year, summary, insights }: Recollection['papers'][number]): string =>
  [
    `${title} (${year})`,
    summary,
    ...insights.map(
      ({ symptom, idea, implementation }) => `Symptom: ${symptom}\nIdea: ${idea}\nHow: ${implementation}`,
    ),
  ].join('\n\n');

/** In the order of sampling; baselines were before all candidates. */
function byAge({ entry: one }: KnownDesign, { entry: other }: KnownDesign): number {
  if ((one.baseline === null) !== (other.baseline === null)) return one.baseline === null ? 1 : -1;
  return inOrderOfSampling(one.experimentId, other.experimentId);
}
