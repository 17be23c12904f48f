import { type Clock, type LanguageModel, messageOf } from '@asi/contracts';
import {
  type ChatMessage,
  callsOf,
  fitParts,
  isWorthlessAnswer,
  messagesOf,
  type Prompt,
  roomBeside,
  type Thinker,
} from '@asi/llm';
import type { ComponentSums } from '@asi/statistics';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { AnalyseData } from '../mind.ts';
import { type Analysed, analyse, type PaperHit } from '../offline/analyse.ts';
import { type AnalysisAnswer, analysisAnswerSchema } from './answer.ts';
import { type CheckedAnswer, checkAnswer, type Grounds } from './check-answer.ts';
import { compose } from './compose.ts';
import { type AnalystBus, authorOf, gather, type Material, modelOf } from './material.ts';
import { measuredEffects } from './measured-effects.ts';
import { ownFigures } from './own-figures.ts';
import { type OptionalSection, optionalSections, valuesOf } from './prompt-values.ts';
import type { AnalystPrompts } from './prompts.ts';

/** Tokens kept free for the list of problems; the answer itself, which is shown again, comes to it. */
const roomForProblems = 4000;
const asked = { shape: 'analysis', schema: analysisAnswerSchema } as const;

export type AnalysisWork = {
  readonly data: AnalyseData;
  readonly statistics: ComponentSums;
  readonly hits: readonly PaperHit[];
};

const State = Annotation.Root({
  thinker: Annotation<Thinker>,
  work: Annotation<AnalysisWork>,
  /** By the statistics alone: what the model adds to. */
  base: Annotation<Analysed>,
  grounds: Annotation<Grounds>,
  messages: Annotation<readonly ChatMessage[]>,
  answer: Annotation<AnalysisAnswer>,
  checked: Annotation<CheckedAnswer>,
  repaired: Annotation<boolean>,
  calls: Annotation<readonly string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
  remarks: Annotation<readonly string[]>({ reducer: (known, more) => [...known, ...more], default: () => [] }),
  analysed: Annotation<Analysed>,
});
type State = typeof State.State;

/**
 * gather → analyse → check (by code) → repair, once, when something does not stand → check → compose. What does not stand
 * after the repair is struck, or told as a conjecture, and put on the record.
 */
export function createAnalysisGraph(
  bus: AnalystBus,
  prompts: AnalystPrompts,
  clock: Clock,
  defaultModel: string | null,
) {
  const prepare = async ({ work: { data, statistics, hits } }: State) => {
    const material = await gather(bus, data);
    // The model cites literature itself: the statistics are shown without.
    const base = analyse(data, statistics, [], clock.now().toISOString());
    const effects = measuredEffects(
      data,
      base.analysis.comparisons,
      base.insight.effects,
      material.parentRun?.measurement ?? null,
    );
    const values = valuesOf(data, material, base.analysis, effects);
    const { text, papers, remarks } = fitted(
      prompts.analyse,
      modelOf(data),
      values,
      optionalSections(data, material, hits),
    );
    const experiments = [data.experimentId, ...material.relatives.map(({ entry }) => entry.experimentId)];
    const shown: Grounds['shown'] = [
      ...papers.map((id) => ({ kind: 'paper' as const, id })),
      ...experiments.map((id) => ({ kind: 'experiment' as const, id })),
    ];
    return {
      base,
      grounds: {
        effects,
        components: data.design.components,
        own: ownFigures(data),
        others: namesOfOthers(data, material),
        shown,
        predictionHeld: base.analysis.predictionHeld,
      },
      messages: messagesOf(text),
      remarks,
    };
  };

  const ask = async ({ thinker, messages }: State) => {
    const { answer, calls } = await thinker.ask({
      node: 'analyse',
      occasion: 'analysis',
      promptVersion: prompts.analyse.version,
      messages,
      ...asked,
    });
    return { answer, calls };
  };

  const repair = async ({ thinker, work, messages, answer, checked }: State) => {
    const model = modelOf(work.data);
    const { messages: repairing, told } = repairQuestion(prompts.repair, model, messages, answer, [
      ...checked.problems,
      ...checked.demoted,
    ]);
    try {
      const thought = await thinker.ask({
        node: 'repair',
        occasion: 'analysis',
        promptVersion: prompts.repair.version,
        messages: repairing,
        ...asked,
      });
      return { answer: thought.answer, calls: thought.calls, remarks: told, repaired: true };
    } catch (error) {
      // What stands of the first answer is worth more than no analysis.
      if (!isWorthlessAnswer(error)) throw error;
      return {
        calls: callsOf(error),
        remarks: [...told, `the repair was of no use: ${messageOf(error)}`],
        repaired: true,
      };
    }
  };

  const conclude = ({ work, base, grounds, checked, calls, remarks }: State) => ({
    analysed: compose(base, checked, grounds.effects, {
      calls,
      remarks: [
        ...remarks,
        ...checked.problems.map((one) => `struck: ${one}`),
        ...checked.demoted.map((one) => `kept as a conjecture: ${one}`),
      ],
      author: authorOf(work.data, defaultModel),
    }),
  });

  const graph = new StateGraph(State)
    .addNode('gather', prepare)
    .addNode('analyse', ask)
    .addNode('check', ({ answer, grounds }: State) => ({ checked: checkAnswer(answer, grounds) }))
    .addNode('repair', repair)
    .addNode('compose', conclude)
    .addEdge(START, 'gather')
    .addEdge('gather', 'analyse')
    .addEdge('analyse', 'check')
    .addConditionalEdges(
      'check',
      ({ checked, repaired }) =>
        checked.problems.length + checked.demoted.length > 0 && !repaired ? 'repair' : 'compose',
      ['repair', 'compose'],
    )
    .addEdge('repair', 'check')
    .addEdge('compose', END)
    .compile();

  return async (work: AnalysisWork, thinker: Thinker, signal: AbortSignal): Promise<Analysed> =>
    (await graph.invoke({ work, thinker }, { signal })).analysed;
}

/** A name that is one plain word may be any word of a text. */
const namesOfOthers = ({ reference, name: own }: AnalyseData, { relatives }: Material): string[] => [
  ...reference.models.map(({ name }) => name),
  ...relatives.flatMap(({ entry: { experimentId, name } }) =>
    name !== own && /[-_\d]/.test(name) ? [experimentId, name] : [experimentId],
  ),
];

/** The text, with as much beside the essential as the context of the model holds. */
function fitted(
  prompt: Prompt,
  model: LanguageModel,
  values: ReturnType<typeof valuesOf>,
  sections: readonly OptionalSection[],
) {
  const least = messagesOf(prompt.render({ ...values, optional: '' }));
  const room = roomBeside(model, { messages: least, ...asked }) - model.maxOutputTokens - roomForProblems;
  const { texts, note, left, remarks } = fitParts(sections, room);
  const optional = [...texts, note].filter((text) => text !== '').join('\n\n');
  return {
    text: prompt.render({ ...values, optional }),
    papers: sections.flatMap((one) => (left.includes(one) || one.paper === null ? [] : [one.paper])),
    remarks,
  };
}

/** What is shown again with what does not stand in it; of more problems than there is room for the last are not told. */
function repairQuestion(
  prompt: Prompt,
  model: LanguageModel,
  opening: readonly ChatMessage[],
  answer: AnalysisAnswer,
  problems: readonly string[],
): { readonly messages: readonly ChatMessage[]; readonly told: readonly string[] } {
  const asking = (text: string): ChatMessage[] => [
    ...opening,
    { role: 'assistant', content: JSON.stringify(answer) },
    { role: 'user', content: prompt.render({ problems: text }) },
  ];
  const room = roomBeside(model, { messages: asking(''), ...asked });
  const parts = problems.map((one, index) => ({ what: `problem ${index + 1}`, text: `- ${one}`, priority: -index }));
  const { texts, note, left, remarks } = fitParts(parts, room);
  const untold = new Set(left.map(({ text }) => text));
  return {
    messages: asking([...texts, note].filter((text) => text !== '').join('\n')),
    told: [
      ...problems.filter((one) => !untold.has(`- ${one}`)).map((one) => `told that it does not stand: ${one}`),
      ...remarks,
    ],
  };
}
