import type { Clock } from '@asi/contracts';
import { loadPrompts, type Think } from '@asi/llm';
import type { AnalystMind } from '../mind.ts';
import { createAnalysisGraph } from './analysis-graph.ts';
import { consult } from './consult.ts';
import { type AnalystBus, modelOf } from './material.ts';

export type LlmMindParts = {
  readonly bus: AnalystBus;
  readonly clock: Clock;
  readonly think: Think;
  /** The model that is asked where a campaign names none: ASI_MODEL. */
  readonly defaultModel: string | null;
};

const folder = new URL('../../prompts/', import.meta.url);

/**
 * The mind that asks a language model, on top of the statistics of the offline one. The graph keeps no checkpoint: a task
 * that is done again asks the same questions, and the ledger has the answers.
 */
export function llmMind({ bus, clock, think, defaultModel }: LlmMindParts): AnalystMind {
  const analyse = createAnalysisGraph(bus, loadPrompts(folder, ['analyse', 'repair']), clock, defaultModel);
  return {
    consult: (data) => consult(bus, data),
    think: async (work, signal) => {
      const { campaignId, experimentId } = work.data;
      return analyse(
        work,
        think({ role: 'analyst', campaignId, experimentId, model: modelOf(work.data) }, signal),
        signal,
      );
    },
  };
}
