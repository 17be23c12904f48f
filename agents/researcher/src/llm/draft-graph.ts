import type { Bus } from '@asi/bus';
import type { Citation, LanguageModel } from '@asi/contracts';
import { asData, fitQuestion, type Part, type Thinker } from '@asi/llm';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { DraftWork } from '../machine.ts';
import { citationsAnswerSchema, designAnswerSchema, repairAnswerSchema } from './answers.ts';
import { componentsAfter } from './components.ts';
import type { EarlierDesigns } from './earlier-designs.ts';
import { evidenceText } from './evidence-text.ts';
import { cleanCode, type Idea, ideaOf } from './idea.ts';
import { materialQuestion } from './material-question.ts';
import type { ResearcherPrompts } from './prompts.ts';
import type { Recollection } from './recall-graph.ts';
import { knownCitations, shownBy, unknownCitations } from './shown.ts';

const State = Annotation.Root({
  thinker: Annotation<Thinker>,
  model: Annotation<LanguageModel>,
  work: Annotation<DraftWork>,
  recollection: Annotation<Recollection>,
  idea: Annotation<Idea>,
  /** What the context was too short for, as it would be cited: `paper 2406.06484`. */
  withheld: Annotation<readonly string[]>,
  calls: Annotation<string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
  remarks: Annotation<string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
});
type State = typeof State.State;

/**
 * One draft: design at first; repair of a draft that failed its certificate, which keeps the idea; diversify from a twin.
 * Then citations are checked: an id that was not shown is asked about once, and dropped.
 */
export function createDraftGraph(bus: Bus, prompts: ResearcherPrompts, earlier: EarlierDesigns) {
  const occasionOf = ({ work }: State) => `draft ${work.draw}`;

  /** Asks for an idea by what is recalled; `write` makes the prompt of it. */
  const askForIdea = async <Gap extends string>(
    state: State,
    beside: Readonly<Record<Gap, Part>>,
    write: Parameters<typeof materialQuestion<Gap>>[3],
  ) => {
    const { command } = state.work;
    const { question, remarks, withheld } = materialQuestion(command.data, state.recollection, beside, write);
    const { answer, calls } = await state.thinker.ask({
      ...question,
      occasion: occasionOf(state),
      shape: 'design',
      schema: designAnswerSchema,
    });
    return { idea: ideaOf(answer, parentOf(state)), calls: [...calls], remarks, withheld };
  };

  const design = (state: State) => askForIdea(state, {}, prompts.design);

  const diversify = async (state: State) => {
    const { setback } = state.work;
    if (setback?.kind !== 'twin') throw new Error('diversified without a twin');
    const { draft, novelty } = setback;
    const twin = await twinOf(state);
    // What it must turn away from matters more than anything that it may be inspired by.
    const beside = {
      motivation: part('motivation', draft.design.motivation, 5),
      twinMotivation: { ...part('motivation', twin.motivation, 6), what: 'the motivation of the twin' },
    };
    return askForIdea(state, beside, (values) =>
      prompts.diversify({
        ...values,
        name: draft.design.name,
        twinName: twin.name,
        twinId: twin.id,
        alike: asData('likeness', novelty.why ?? behavesAlike(novelty.nearest?.correlation)),
      }),
    );
  };

  const repair = async (state: State) => {
    const { command, setback } = state.work;
    if (setback?.kind !== 'illegal') throw new Error('repaired without a finding');
    const { draft, reason } = setback;
    const { name, motivation, prediction, citations } = draft.design;
    if (!prediction) throw new Error('a draft of this mind has a prediction');
    const parent = parentOf(state);
    const asked = { shape: 'repair', schema: repairAnswerSchema };
    const { said, remarks } = fitQuestion(
      state.model,
      asked,
      {
        motivation: part('motivation', motivation, 0),
        // The finding comes first in it, with its numbers; what follows are further findings, or a log.
        evidence: part('evidence', await evidenceText(bus, reason), 1),
      },
      (texts) =>
        prompts.repair({
          name,
          components: asData(
            'components',
            draft.design.components.filter((label) => !parent.includes(label)).join(', ') || 'none',
          ),
          code: asData('program', draft.source),
          parameterRatio: String(command.data.parameterRatio),
          suite: command.data.suite,
          ...texts,
        }),
    );
    const { answer, calls } = await state.thinker.ask({ occasion: occasionOf(state), ...said, ...asked });
    const components = componentsAfter(parent, answer.components);
    return {
      idea: { name, motivation, prediction, citations, components, code: cleanCode(answer.code) },
      calls: [...calls],
      remarks: [...remarks, `repaired after ${reason.code}: ${answer.diagnosis}`],
    };
  };

  const amendCitations = async (state: State) => {
    const { idea } = state;
    const shown = shownTo(state);
    const asked = { shape: 'citations', schema: citationsAnswerSchema };
    const { said, remarks } = fitQuestion(
      state.model,
      asked,
      {
        motivation: part('motivation', idea.motivation, 0),
        citations: part('citations', JSON.stringify(idea.citations, null, 2), 1),
        unknown: part('unknown', unknownCitations(idea.citations, shown).map(describeCitation).join('\n'), 2),
        shown: part('shown', shown.map(({ kind, id, title }) => `${kind} ${id}: ${title}`).join('\n'), 3),
      },
      (texts) => prompts['amend-citations']({ name: idea.name, ...texts }),
    );
    const { answer, calls } = await state.thinker.ask({ occasion: occasionOf(state), ...said, ...asked });
    return { idea: { ...idea, citations: answer.citations }, calls: [...calls], remarks: [...remarks] };
  };

  const settleCitations = (state: State) => {
    const { idea, recollection } = state;
    const shown = shownTo(state);
    const unknown = unknownCitations(idea.citations, shown);
    const citations = knownCitations(idea.citations, shown, recollection.parent.entry.experimentId);
    return {
      idea: { ...idea, citations },
      remarks: unknown.map((one) => `it cited ${describeCitation(one)}, which it was not shown: dropped`),
    };
  };

  const twinOf = async ({ work, recollection }: State) => {
    const id = twinIdOf(work) ?? '';
    const known = [recollection.parent, ...recollection.references].find(({ entry }) => entry.experimentId === id);
    if (known) return { id, name: known.entry.name, motivation: known.motivation };
    const baseline = work.command.data.baselines?.find(({ experimentId }) => experimentId === id);
    if (baseline) return { id, name: baseline.name, motivation: 'A baseline of the literature.' };
    const designs = await earlier.before(work.command.data);
    return (
      designs.find((one) => one.id === id) ?? { id, name: 'an earlier design', motivation: 'It is not on record.' }
    );
  };

  const afterIdea = (state: State) =>
    unknownCitations(state.idea.citations, shownTo(state)).length > 0 ? 'amend-citations' : 'settle-citations';

  const graph = new StateGraph(State)
    .addNode('design', design)
    .addNode('diversify', diversify)
    .addNode('repair', repair)
    .addNode('amend-citations', amendCitations)
    .addNode('settle-citations', settleCitations)
    .addConditionalEdges(
      START,
      ({ work: { setback } }) =>
        setback === null ? 'design' : ({ illegal: 'repair', twin: 'diversify' } as const)[setback.kind],
      ['design', 'repair', 'diversify'],
    )
    .addConditionalEdges('design', afterIdea, ['amend-citations', 'settle-citations'])
    .addConditionalEdges('diversify', afterIdea, ['amend-citations', 'settle-citations'])
    .addEdge('amend-citations', 'settle-citations')
    .addEdge('settle-citations', END)
    .addEdge('repair', END)
    .compile();

  return async (work: DraftWork, asking: Pick<State, 'thinker' | 'model'>, signal: AbortSignal) => {
    const recollection = work.recalled as Recollection;
    const { idea, calls, remarks } = await graph.invoke({ work, recollection, ...asking }, { signal });
    return { idea, calls, remarks };
  };
}

const part = (label: string, text: string, priority: number): Part => ({
  what: label,
  text,
  priority,
  data: { label, keep: 'beginning' },
});

const parentOf = ({ recollection }: State) => recollection.parent.entry.components;

const shownTo = ({ work, recollection, withheld }: State) =>
  shownBy(recollection, twinIdOf(work)).filter(({ kind, id }) => !withheld.includes(`${kind} ${id}`));

const twinIdOf = ({ setback }: DraftWork): string | null => (setback?.kind === 'twin' ? setback.novelty.twinOf : null);

const describeCitation = ({ kind, id, why }: Citation): string => `${kind} ${id} (${why})`;

const behavesAlike = (correlation: number | undefined): string =>
  `Under the same canonical parameters and inputs the outputs of the two programs correlate ${correlation === undefined ? 'completely' : `by ${correlation.toFixed(7)}`} in every segment: one computes what the other computes.`;
