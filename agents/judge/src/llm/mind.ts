import { type Judgement, messageOf } from '@asi/contracts';
import { callsOf, isWorthlessAnswer, type Think } from '@asi/llm';
import type { JudgeMind } from '../mind.ts';
import { judge } from '../offline/judge.ts';
import { authorOf, isDesign, type JudgeBus, modelOf } from './material.ts';
import type { JudgePrompts } from './prompts.ts';
import { createScoreGraph } from './score-graph.ts';

export type LlmMindParts = {
  readonly bus: JudgeBus;
  readonly think: Think;
  readonly prompts: JudgePrompts;
  /** The model that is asked where a campaign names none: ASI_MODEL. */
  readonly defaultModel: string | null;
};

/**
 * The mind that asks a language model. Baselines it scores by the offline rubric, without a call: they are what the model is
 * anchored on. Where the model's answers are worthless the offline rubric stands in, for the experiment was measured. The graph keeps no checkpoint: a task that is done again asks the same questions, and the ledger has the answers.
 */
export function llmMind({ bus, think, prompts, defaultModel }: LlmMindParts): JudgeMind {
  const score = createScoreGraph(bus, prompts.score, defaultModel);
  return {
    judge: async (data, signal) => {
      if (!isDesign(data)) return judge(data);
      const { campaignId, experimentId, attempt } = data;
      const thinker = think({ role: 'judge', campaignId, experimentId, attempt, model: modelOf(data) }, signal);
      try {
        return await score(data, thinker, signal);
      } catch (error) {
        if (!isWorthlessAnswer(error)) throw error;
        return standIn(judge(data), authorOf(data, defaultModel), error);
      }
    },
  };
}

const standIn = (judgement: Judgement, author: string, error: unknown): Judgement => ({
  ...judgement,
  author: `${judgement.author}, for ${author}`,
  calls: [...callsOf(error)],
  remarks: [`the rubric was applied without the language model, which gave no judgement: ${messageOf(error)}`],
});
