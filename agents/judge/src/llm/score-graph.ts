import { type Judgement, messageOf } from '@asi/contracts';
import {
  beside,
  callsOf,
  fitParts,
  gravestOf,
  isWorthlessAnswer,
  type Lost,
  messagesOf,
  type Prompt,
  type Question,
  roomBeside,
  type Thinker,
  withCalls,
} from '@asi/llm';
import { Annotation, END, Send, START, StateGraph } from '@langchain/langgraph';
import { combine, type Scored } from './combine.ts';
import { authorOf, type DesignToJudge, gather, type JudgeBus, type Material, modelOf } from './material.ts';
import { optionalSections, valuesOf } from './prompt-values.ts';
import { type Score, scoreSchema } from './score.ts';

const repeats = 3;
const shape = 'score';
type Said = Pick<Question<Score>, 'promptVersion' | 'messages'> & { readonly remarks: readonly string[] };

type ScoreInput = { readonly thinker: Thinker; readonly said: Said; readonly repeat: number };

const appended = <Item>() =>
  Annotation<readonly Item[], Item>({ reducer: (known, one) => [...known, one], default: () => [] });

const State = Annotation.Root({
  thinker: Annotation<Thinker>,
  data: Annotation<DesignToJudge>,
  said: Annotation<Said>,
  scored: appended<Scored>(),
  lost: appended<Lost<ScoreInput>>(),
  judgement: Annotation<Judgement>,
});
type State = typeof State.State;

/**
 * gather → score (the same question on as many occasions, all at once) → combine. A judge that does not agree with itself is
 * thereby seen. The judgement stands on the askings that were answered, if they are the greater part.
 */
export function createScoreGraph(bus: JudgeBus, prompt: Prompt, defaultModel: string | null) {
  const ask = async ({ thinker, said, repeat }: ScoreInput) => {
    const { answer, calls } = await thinker.ask({
      node: 'score',
      occasion: `repeat ${repeat}`,
      promptVersion: said.promptVersion,
      messages: said.messages,
      shape,
      schema: scoreSchema,
    });
    return { scored: { repeat, score: answer, calls } };
  };

  const conclude = ({ data, said, scored, lost }: State) => {
    const grave = lost.filter(({ error }) => !isWorthlessAnswer(error));
    if (grave.length > 0) throw gravestOf(grave);
    const wasted = lost.flatMap(({ error }) => callsOf(error));
    const answered = scored.flatMap(({ calls }) => calls);
    if (2 * lost.length > repeats) throw withCalls(lost[0]?.error, [...answered, ...wasted]);
    const remarks = lost.map(
      ({ input: { repeat }, error }) => `asking ${repeat} of ${repeats} was not answered: ${messageOf(error)}`,
    );
    const judgement = combine(data, scored, [...said.remarks, ...remarks], authorOf(data, defaultModel));
    return { judgement: { ...judgement, calls: [...(judgement.calls ?? []), ...wasted] } };
  };

  const graph = new StateGraph(State)
    .addNode('gather', async ({ data }: State) => ({ said: say(prompt, data, await gather(bus, data)) }))
    .addNode('score', beside(ask))
    .addNode('combine', conclude)
    .addEdge(START, 'gather')
    .addConditionalEdges(
      'gather',
      ({ thinker, said }) =>
        Array.from(
          { length: repeats },
          (_, i) => new Send('score', { thinker, said, repeat: i + 1 } satisfies ScoreInput),
        ),
      ['score'],
    )
    .addEdge('score', 'combine')
    .addEdge('combine', END)
    .compile();

  return async (data: DesignToJudge, thinker: Thinker, signal: AbortSignal): Promise<Judgement> =>
    (await graph.invoke({ data, thinker }, { signal })).judgement;
}

/** The question, with as much beside the essential as the context of the model holds. */
function say(prompt: Prompt, data: DesignToJudge, material: Material): Said {
  const values = valuesOf(data, material);
  const said = (optional: string) => messagesOf(prompt.render({ ...values, optional }));
  const room = roomBeside(modelOf(data), { messages: said(''), shape, schema: scoreSchema });
  const { texts, note, remarks } = fitParts(optionalSections(data, material), room);
  const optional = [...texts, note].filter((text) => text !== '').join('\n\n');
  return { promptVersion: prompt.version, messages: said(optional), remarks };
}
