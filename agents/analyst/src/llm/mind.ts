import { type Clock, messageOf } from '@asi/contracts';
import { callsOf, isWorthlessAnswer, type Think } from '@asi/llm';
import type { AnalystMind } from '../mind.ts';
import { type Analysed, analyse as analyseOffline } from '../offline/analyse.ts';
import { createAnalysisGraph } from './analysis-graph.ts';
import { consult } from './consult.ts';
import { type AnalystBus, authorOf, modelOf } from './material.ts';
import type { AnalystPrompts } from './prompts.ts';

export type LlmMindParts = {
  readonly bus: AnalystBus;
  readonly clock: Clock;
  readonly think: Think;
  readonly prompts: AnalystPrompts;
  /** The model that is asked where a campaign names none: ASI_MODEL. */
  readonly defaultModel: string | null;
};

/**
 * The mind that asks a language model, on top of the statistics of the offline one, which stand alone where the model's answer
 * is worthless, for the experiment was measured. The graph keeps no checkpoint: a task
 * that is done again asks the same questions, and the ledger has the answers.
 */
export function llmMind({ bus, clock, think, prompts, defaultModel }: LlmMindParts): AnalystMind {
  const analyse = createAnalysisGraph(bus, prompts, clock, defaultModel);
  return {
    consult: (data) => consult(bus, data),
    think: async (work, signal) => {
      const { campaignId, experimentId, attempt } = work.data;
      const purpose = { role: 'analyst', campaignId, experimentId, attempt, model: modelOf(work.data) } as const;
      const thinker = think(purpose, signal);
      try {
        return await analyse(work, thinker, signal);
      } catch (error) {
        if (!isWorthlessAnswer(error)) throw error;
        const { data, statistics, hits } = work;
        const stoodIn = analyseOffline(data, statistics, hits, clock.now().toISOString());
        return standIn(stoodIn, authorOf(data, defaultModel), error);
      }
    },
  };
}

const standIn = ({ analysis, insight }: Analysed, author: string, error: unknown): Analysed => ({
  analysis: {
    ...analysis,
    author: `${analysis.author}, for ${author}`,
    calls: [...callsOf(error)],
    remarks: [`the statistics stand alone, for the language model gave no analysis: ${messageOf(error)}`],
  },
  insight,
});
