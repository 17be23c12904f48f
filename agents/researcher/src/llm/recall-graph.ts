import type { Bus } from '@asi/bus';
import { type LanguageModel, messageOf, type Paper } from '@asi/contracts';
import { asData, beside, callsOf, fitQuestion, gravestOf, isWorthlessAnswer, type Lost, type Thinker } from '@asi/llm';
import { symptomOf } from '@asi/statistics';
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph';
import { summaryAnswerSchema } from './answers.ts';
import type { KnownDesign, Material } from './material.ts';
import type { ResearcherPrompts } from './prompts.ts';
import { resultsText } from './results-text.ts';

/** What the mind designs from: the material, what it teaches, and the literature on the parent's weaknesses. */
export type Recollection = Material & {
  /** By experiment; of a design that was neither measured nor analysed there is none. */
  readonly experiences: Readonly<Record<string, string>>;
  readonly papers: readonly Paper[];
  readonly calls: readonly string[];
  /** What could not be summarised, and why; what the prompts had no room for. */
  readonly remarks: readonly string[];
};

const weaknessesSearched = 2;
const papersPerQuery = 2;

/** Who is asked, and how much it takes in. */
type Asking = { readonly thinker: Thinker; readonly model: LanguageModel };
type SummariseInput = Asking & { readonly material: Material; readonly design: KnownDesign };

const State = Annotation.Root({
  thinker: Annotation<Thinker>,
  model: Annotation<LanguageModel>,
  material: Annotation<Material>,
  experiences: Annotation<Record<string, string>>({
    reducer: (known, more) => ({ ...known, ...more }),
    default: () => ({}),
  }),
  lost: Annotation<readonly Lost<SummariseInput>[], Lost<SummariseInput>>({
    reducer: (known, one) => [...known, one],
    default: () => [],
  }),
  papers: Annotation<readonly Paper[]>,
  calls: Annotation<string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
  cut: Annotation<string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
});
type State = typeof State.State;

/**
 * summarise (one call for each earlier design that can teach something, all at once) → retrieve (no call). Summaries are
 * made anew for every design that uses them, as ASI-Arch does (../shared/reference/asi-arch.md 1.2): what matters in a
 * history depends on what is known by then.
 */
export function createRecallGraph(bus: Bus, prompts: ResearcherPrompts) {
  const summarise = async ({ thinker, model, material, design }: SummariseInput) => {
    const { entry, motivation, analysis } = design;
    const asked = { shape: 'experience', schema: summaryAnswerSchema };
    const cited = analysis && analysis.cited.length > 0 ? analysis.cited.join('\n') : 'None.';
    const part = (label: string, text: string, priority: number) => ({
      what: `the ${label} of ${entry.experimentId}`,
      text,
      priority,
      data: { label, keep: 'beginning' as const },
    });
    const { said, remarks } = fitQuestion(
      model,
      asked,
      {
        cited: part('evidence', cited, 0),
        motivation: part('motivation', motivation, 1),
        analysis: part('analysis', analysis?.text ?? 'It was not analysed.', 2),
      },
      (texts) =>
        prompts.summarise({
          name: entry.name,
          id: entry.experimentId,
          results: asData('results', resultsText(design, material.reference)),
          ...texts,
        }),
    );
    const thought = await thinker.ask({ occasion: entry.experimentId, ...said, ...asked });
    const experiences = { [entry.experimentId]: thought.answer.experience };
    return { experiences, calls: [...thought.calls], cut: [...remarks] };
  };

  const retrieve = async ({ material: { parent }, lost }: State) => {
    const grave = lost.filter(({ error }) => !isWorthlessAnswer(error));
    if (grave.length > 0) throw gravestOf(grave);
    const weaknesses = parent.tasks.filter(({ deficit }) => deficit > 0).slice(0, weaknessesSearched);
    const queries = [
      ...weaknesses.map(({ task }) => symptomOf(task)),
      parent.analysis?.text ?? parent.motivation,
    ].filter((query) => query !== '');
    const found = new Map<string, Paper>();
    for (const query of queries) {
      const { hits } = await bus.request('searchPapers', { query, limit: papersPerQuery });
      for (const { paper } of hits) found.set(paper._id, paper);
    }
    // One summary that cannot be had costs no design: its analysis stands there as it was written.
    const instead = lost.flatMap(({ input: { design } }) =>
      design.analysis === null ? [] : [[design.entry.experimentId, design.analysis.text] as const],
    );
    return { papers: [...found.values()], experiences: Object.fromEntries(instead) };
  };

  const graph = new StateGraph(State)
    .addNode('summarise', beside(summarise))
    .addNode('retrieve', retrieve)
    .addConditionalEdges(
      START,
      ({ thinker, model, material }) => {
        const telling = [material.parent, ...material.references].filter(
          ({ entry, analysis }) => entry.merit !== null || analysis !== null,
        );
        return telling.length === 0
          ? 'retrieve'
          : telling.map(
              (design) => new Send('summarise', { thinker, model, material, design } satisfies SummariseInput),
            );
      },
      ['summarise', 'retrieve'],
    )
    .addEdge('summarise', 'retrieve')
    .addEdge('retrieve', END)
    .compile();

  return async (material: Material, asking: Asking, signal: AbortSignal): Promise<Recollection> => {
    const { experiences, papers, calls, cut, lost } = await graph.invoke({ material, ...asking }, { signal });
    const remarks = lost.map(
      ({ input: { design }, error }) => `${design.entry.experimentId} was not summarised: ${messageOf(error)}`,
    );
    const wasted = lost.flatMap(({ error }) => callsOf(error));
    return { ...material, experiences, papers, calls: [...calls, ...wasted], remarks: [...cut, ...remarks] };
  };
}
