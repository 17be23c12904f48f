import type { Bus } from '@asi/bus';
import type { LanguageModel } from '@asi/contracts';
import { asData, type Embedded, fitQuestion, type Part, type Thinker } from '@asi/llm';
import { createIndex } from '@asi/text-search';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { CompareWork, Novelty } from '../machine.ts';
import { noveltyAnswerAbout } from './answers.ts';
import type { EarlierDesign, EarlierDesigns } from './earlier-designs.ts';
import { findCopied } from './find-copied.ts';
import { interleave } from './interleave.ts';
import type { NearestVectors, NearVector } from './nearest-vectors.ts';
import type { ResearcherPrompts } from './prompts.ts';
import type { Recollection } from './recall-graph.ts';

export type NoveltyWork = CompareWork & { readonly nearest: Novelty['nearest'] };

/** Makes the vector of a text by a model of embeddings, whose name is kept with it. */
export type IdeaEmbedding = { readonly model: string; readonly embed: (text: string) => Promise<Embedded> };

/** Who is asked for a verdict; without a model of embeddings neighbours are found by words and behaviour. */
export type NoveltyMinds = {
  readonly thinker: Thinker;
  readonly model: LanguageModel;
  readonly embedding: IdeaEmbedding | null;
};

/** As many as ASI-Arch shows its motivation checker. */
const neighboursShown = 5;

const State = Annotation.Root({
  minds: Annotation<NoveltyMinds>,
  work: Annotation<NoveltyWork>,
  idea: Annotation<Pick<Novelty, 'embedding' | 'calls'>>,
  neighbours: Annotation<readonly EarlierDesign[]>,
  verdict: Annotation<Novelty>,
});
type State = typeof State.State;

/** findNeighbours (a call only for the vector of the idea, where a model of embeddings is named) → judge-novelty, where there is anything to compare with. */
export function createNoveltyGraph(
  bus: Pick<Bus, 'request'>,
  prompts: ResearcherPrompts,
  earlier: EarlierDesigns,
  nearestVectors: NearestVectors,
) {
  const findNeighbours = async ({ work, minds }: State) => {
    const { command, draft, nearest } = work;
    const { parent, references } = work.recalled as Recollection;
    const shown = [parent, ...references];
    // What an engineer changed in a record of an earlier version is shown in a form that the archive never heard of.
    const copied = await findCopied(bus, shown, work);
    if (copied) {
      const { from, why } = copied;
      return { neighbours: [], verdict: { twinOf: from.entry.experimentId, nearest, why } };
    }
    const known = new Map<string, EarlierDesign>(
      shown.map(({ entry, motivation }) => [
        entry.experimentId,
        { id: entry.experimentId, name: entry.name, motivation, embedding: null },
      ]),
    );
    for (const one of await earlier.before(command.data)) known.set(one.id, one);
    const index = createIndex([...known.values()].map(({ id, motivation }) => ({ id, text: motivation })));
    const { name, motivation } = draft.design;
    const embedded = await minds.embedding?.embed(`${name}\n${motivation}`);
    const model = minds.embedding?.model ?? '';
    const near: NearVector[] = embedded
      ? await nearestVectors.of({ model, vector: embedded.vector }, [...known.values()], neighboursShown)
      : [];
    const ids = interleave(
      nearest === null ? [] : [nearest.id],
      near.map(({ id }) => id),
      index.search(motivation, neighboursShown).map(({ id }) => id),
    );
    const neighbours = ids.flatMap((id) => known.get(id) ?? []).slice(0, neighboursShown);
    if (!embedded) return { neighbours };
    const { call, vectorHash } = embedded;
    const shownNear = near.filter(({ id }) => neighbours.some((one) => one.id === id));
    return { neighbours, idea: { embedding: { model, vectorHash, neighbours: shownNear }, calls: [call] } };
  };

  const judgeNovelty = async ({ work, minds, neighbours }: State) => {
    const { draft, draw, nearest } = work;
    const parent = (work.recalled as Recollection).parent.entry.components;
    const asked = { shape: 'novelty', schema: noveltyAnswerAbout(neighbours.map(({ id }) => id)) };
    const part = (of: string, text: string, priority: number): Part => ({
      what: `the motivation of ${of}`,
      text,
      priority,
      data: { label: 'motivation', keep: 'beginning' },
    });
    // The nearest are compared by all that they say, and the idea itself above all.
    const near = neighbours.map(({ id, motivation }, place) => [id, part(id, motivation, -place)] as const);
    const own = 'its own';
    const { said, remarks } = fitQuestion(
      minds.model,
      asked,
      { ...Object.fromEntries(near), [own]: part('the design itself', draft.design.motivation, 1) },
      (texts: Readonly<Record<string, string>>) =>
        prompts['judge-novelty']({
          name: draft.design.name,
          motivation: texts[own] ?? '',
          components: asData(
            'components',
            draft.design.components.filter((label) => !parent.includes(label)).join(', ') || 'none',
          ),
          earlier: neighbours.map(({ id, name }) => `${name} (${id}):\n${texts[id]}`).join('\n\n'),
        }),
    );
    const { answer, calls } = await minds.thinker.ask({ occasion: `draft ${draw}`, ...said, ...asked });
    // The model compares, the conjunction is ours: one doubt is enough to let a design pass.
    const repeated = answer.comparisons.find(
      (one) =>
        one.sameProblem &&
        one.sameApproach &&
        one.sameScope &&
        one.sameContribution &&
        neighbours.some(({ id }) => id === one.id),
    );
    const why = repeated ? { why: repeated.reason } : {};
    return { verdict: { twinOf: repeated?.id ?? null, nearest, calls, remarks, ...why } };
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

  return async (work: NoveltyWork, minds: NoveltyMinds, signal: AbortSignal): Promise<Novelty> => {
    const { verdict, idea } = await graph.invoke({ work, minds }, { signal });
    const novelty = verdict ?? { twinOf: null, nearest: work.nearest };
    return idea ? { ...novelty, ...idea, calls: [...(idea.calls ?? []), ...(novelty.calls ?? [])] } : novelty;
  };
}
