import type { Think } from '@asi/llm';
import type { Capabilities } from '@asi/runner-client';
import type { EngineerMind } from '../mind.ts';
import { createMendGraph, type MendParts } from './mend-graph.ts';

export type LlmMindParts = MendParts & { readonly think: Think; readonly capabilities: () => Capabilities };

/**
 * The mind that asks a language model. Its graph keeps no checkpoint: a task that is done again asks the same questions and
 * submits the same jobs, and the two ledgers have the answers.
 */
export function llmMind({ think, capabilities, ...parts }: LlmMindParts): EngineerMind {
  const mend = createMendGraph(parts);
  return {
    mend: async (failed, signal) => {
      const { campaignId, experimentId, attempt, model } = failed.command.data;
      const { tier, note } = capabilities().isolation;
      if (!model) return { kind: 'given-up', why: 'the campaign names no model for the engineer' };
      // Before anything is paid for: what a model changed is a foreign program.
      if (tier === 0)
        return {
          kind: 'given-up',
          why: `the runner has no isolation (${note}), so it runs no program that a language model changed`,
        };
      return mend(failed, think({ role: 'engineer', campaignId, experimentId, attempt, model }, signal), signal);
    },
  };
}
