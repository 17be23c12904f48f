import type { Bus } from '@asi/bus';
import { terminal } from '@asi/contracts';
import type { Embed, Think, Thinker } from '@asi/llm';
import { keepParentProgram } from '../keep-parent-program.ts';
import type { DesignCommand } from '../machine.ts';
import type { ResearcherMind } from '../mind.ts';
import type { RunnerFinder } from '../runner-finder.ts';
import { createDraftGraph } from './draft-graph.ts';
import { followDesigns } from './earlier-designs.ts';
import { gather } from './material.ts';
import { createNearestVectors } from './nearest-vectors.ts';
import { createNoveltyGraph, type IdeaEmbedding } from './novelty-graph.ts';
import type { ResearcherPrompts } from './prompts.ts';
import { createRecallGraph, type Recollection } from './recall-graph.ts';

export type LlmMindParts = {
  readonly bus: Bus;
  readonly runners: RunnerFinder;
  readonly think: Think;
  readonly embed: Embed;
  readonly prompts: ResearcherPrompts;
  /** The model that is asked where a campaign names none: ASI_MODEL. */
  readonly defaultModel: string | null;
};

/**
 * The mind that asks a language model. Three graphs, one behind each state of the machine that thinks: recalling (summarise,
 * retrieve), drafting (design, repair or diversify), comparing (embed, judge-novelty). None keeps a checkpoint: a task that is done
 * again asks the same questions, and the ledger has the answers.
 */
export function llmMind({ bus, runners, think, embed, prompts, defaultModel }: LlmMindParts): ResearcherMind {
  const earlier = followDesigns(bus);
  const recall = createRecallGraph(bus, prompts);
  const draft = createDraftGraph(bus, prompts, earlier);
  const judge = createNoveltyGraph(bus, prompts, earlier, createNearestVectors(bus));

  const thinkerFor = ({ data }: DesignCommand, signal: AbortSignal): Thinker => {
    const { campaignId, experimentId, attempt } = data;
    return think({ role: 'researcher', campaignId, experimentId, attempt, model: modelOf(data) }, signal);
  };

  const embeddingFor = ({ data }: DesignCommand, signal: AbortSignal): IdeaEmbedding | null => {
    const { campaignId, experimentId, attempt, embedding: model } = data;
    if (!model) return null;
    return {
      model: model.model,
      embed: (text) => embed(text, { role: 'researcher', campaignId, experimentId, attempt, model }, signal),
    };
  };

  return {
    recall: async (command, signal) => {
      await refuseWithoutIsolation(runners);
      const material = await gather(bus, command.data, signal);
      return recall(material, { thinker: thinkerFor(command, signal), model: modelOf(command.data) }, signal);
    },

    draft: async (work, signal) => {
      const asking = { thinker: thinkerFor(work.command, signal), model: modelOf(work.command.data) };
      const { idea, calls, remarks } = await draft(work, asking, signal);
      const { code, ...said } = idea;
      const [{ hash }, parentProgram] = await Promise.all([
        bus.request('putArtifact', { body: code, mediaType: 'text/x-python' }),
        keepParentProgram(bus, work.command.data.parent),
      ]);
      const { setback } = work;
      const earlierCalls = setback
        ? [...(setback.draft.design.calls ?? []), ...(setback.kind === 'twin' ? (setback.novelty.calls ?? []) : [])]
        : (work.recalled as Recollection).calls;
      return {
        source: code,
        program: { kind: 'source', hash, origin: 'foreign' },
        design: {
          ...said,
          components: [...said.components],
          citations: [...said.citations],
          programHash: hash,
          ...parentProgram,
          genomeHash: null,
          author: `researcher/llm (${modelOf(work.command.data).model ?? defaultModel ?? 'unnamed'})`,
          calls: [...earlierCalls, ...calls],
          remarks: [
            ...(setback?.kind === 'illegal'
              ? (setback.draft.design.remarks ?? [])
              : (work.recalled as Recollection).remarks),
            ...(setback?.kind === 'twin' ? (setback.novelty.remarks ?? []) : []),
            ...remarks,
          ],
        },
      };
    },

    judgeNovelty: (work, signal) => {
      const { command } = work;
      const model = modelOf(command.data);
      const minds = { thinker: thinkerFor(command, signal), model, embedding: embeddingFor(command, signal) };
      return judge(work, minds, signal);
    },
  };
}

function modelOf({ model }: DesignCommand['data']) {
  if (!model)
    throw terminal(
      'model-missing',
      'the command names no model for the researcher: its campaign was begun by an earlier version; start another one',
    );
  return model;
}

/** A model's program is foreign code, which a runner without isolation refuses: that is known before anything is paid. */
async function refuseWithoutIsolation(runners: RunnerFinder): Promise<void> {
  const { isolation } = await (await runners.find()).capabilities();
  if (isolation.tier === 0)
    throw terminal(
      'isolation-insufficient',
      `programs that a language model writes are not run without isolation, and this runner has none (tier 0: ${isolation.note}): ` +
        'install bubblewrap and restart it, or give the researcher the mind `offline`',
    );
}
