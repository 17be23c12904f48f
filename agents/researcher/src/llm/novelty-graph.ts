import { asData, type Thinker } from '@asi/llm';
import { createIndex } from '@asi/text-search';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { CompareWork, Novelty } from '../machine.ts';
import { noveltyAnswerSchema } from './answers.ts';
import type { EarlierDesign, EarlierDesigns } from './earlier-designs.ts';
import type { ResearcherPrompts } from './prompts.ts';
import type { Recollection } from './recall-graph.ts';

export type NoveltyWork = CompareWork & { readonly nearest: Novelty['nearest'] };

/** As many as ASI-Arch shows its motivation checker. */
const neighboursShown = 5;

const State = Annotation.Root({
  thinker: Annotation<Thinker>,
  work: Annotation<NoveltyWork>,
  neighbours: Annotation<readonly EarlierDesign[]>,
  verdict: Annotation<Novelty>,
});
type State = typeof State.State;

/** findNeighbours (no call) → judge-novelty, where there is anything to compare with. */
export function createNoveltyGraph(prompts: ResearcherPrompts, earlier: EarlierDesigns) {
  const findNeighbours = async ({ work }: State) => {
    const { command, draft, nearest } = work;
    const { parent, references } = work.recalled as Recollection;
    const shown = [parent, ...references];
    const copied = shown.find(({ code }) => code.trim() === draft.source.trim());
    // Baselines are not registered by their behaviour: a copy of one would pass as new.
    if (copied) {
      const { experimentId } = copied.entry;
      return {
        neighbours: [],
        verdict: { twinOf: experimentId, nearest, why: 'its program is the one that was shown' },
      };
    }
    const known = new Map<string, EarlierDesign>(
      shown.map(({ entry, motivation }) => [
        entry.experimentId,
        { id: entry.experimentId, name: entry.name, motivation },
      ]),
    );
    for (const one of await earlier.before(command.data)) known.set(one.id, one);
    const index = createIndex([...known.values()].map(({ id, motivation }) => ({ id, text: motivation })));
    const ids = new Set([
      ...(nearest === null ? [] : [nearest.id]),
      ...index.search(draft.design.motivation, neighboursShown).map(({ id }) => id),
    ]);
    return { neighbours: [...ids].flatMap((id) => known.get(id) ?? []).slice(0, neighboursShown) };
  };

  const judgeNovelty = async ({ work, thinker, neighbours }: State) => {
    const { draft, draw, nearest } = work;
    const parent = (work.recalled as Recollection).parent.entry.components;
    const { answer, calls } = await thinker.ask({
      occasion: `draft ${draw}`,
      ...prompts['judge-novelty']({
        name: draft.design.name,
        motivation: asData('motivation', draft.design.motivation),
        components: draft.design.components.filter((label) => !parent.includes(label)).join(', ') || 'none',
        earlier: neighbours
          .map(({ id, name, motivation }) => `${name} (${id}):\n${asData('motivation', motivation)}`)
          .join('\n\n'),
      }),
      shape: 'novelty',
      schema: noveltyAnswerSchema,
    });
    // The model compares, the conjunction is ours: one doubt is enough to let a design pass.
    const repeated = answer.comparisons.find(
      (one) =>
        one.sameProblem &&
        one.sameApproach &&
        one.sameScope &&
        one.sameContribution &&
        neighbours.some(({ id }) => id === one.id),
    );
    return { verdict: { twinOf: repeated?.id ?? null, nearest, calls, ...(repeated ? { why: repeated.reason } : {}) } };
  };

  const graph = new StateGraph(State)
    .addNode('findNeighbours', findNeighbours)
    .addNode('judge-novelty', judgeNovelty)
    .addEdge(START, 'findNeighbours')
    .addConditionalEdges('findNeighbours', ({ neighbours }) => (neighbours.length === 0 ? END : 'judge-novelty'), [
      'judge-novelty',
      END,
    ])
    .addEdge('judge-novelty', END)
    .compile();

  return async (work: NoveltyWork, thinker: Thinker, signal: AbortSignal): Promise<Novelty> => {
    const { verdict } = await graph.invoke({ work, thinker }, { signal });
    return verdict ?? { twinOf: null, nearest: work.nearest };
  };
}
