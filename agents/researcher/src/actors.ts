import type { ProcessTools } from '@asi/agent-kit';
import { type Citation, catalogue, derivedMessageId } from '@asi/contracts';
import { fromPromise } from 'xstate';
import { certifyDraft } from './certify.ts';
import type { Answer, Certified, DesignCommand, Draft, Novelty, Recalled } from './machine.ts';
import { designOffline, type OfflineKnowledge } from './offline/design.ts';
import { recallOffline } from './offline/recall.ts';
import type { RunnerFinder } from './runner-finder.ts';

const papersCited = 2;

/** The work behind the states of the researcher machine, with the offline mind. */
export function researcherActors({ bus }: Pick<ProcessTools, 'bus'>, runners: RunnerFinder) {
  const keep = async (body: string, mediaType: string) => (await bus.request('putArtifact', { body, mediaType })).hash;

  const citations = async (
    data: DesignCommand['data'],
    knowledge: OfflineKnowledge,
    topic: string,
  ): Promise<Citation[]> => {
    const { hits } = await bus.request('searchPapers', { query: topic, limit: papersCited });
    return [
      { kind: 'experiment', id: data.parent.experimentId, why: 'the parent' },
      ...(knowledge.insight
        ? [
            {
              kind: 'insight' as const,
              id: knowledge.insight._id,
              why: 'its estimated effects steered the choice of components',
            },
          ]
        : []),
      ...hits.map(({ paper, matched }) => ({
        kind: 'paper' as const,
        id: paper._id,
        why: `${paper.title}: speaks of ${matched.slice(0, 5).join(', ')}`,
      })),
    ];
  };

  return {
    recall: fromPromise<Recalled, DesignCommand>(({ input: { data } }) => recallOffline(bus, data)),

    draft: fromPromise<Draft, { command: DesignCommand; recalled: Recalled; draw: number }>(async ({ input }) => {
      const { data } = input.command;
      const knowledge = input.recalled as OfflineKnowledge;
      const designed = designOffline(knowledge, data.seed, input.draw);
      // At once: designs are made one after another, so every wait in here is a wait of the whole house.
      const [programHash, genomeHash, cited] = await Promise.all([
        keep(designed.source, 'text/x-python'),
        keep(JSON.stringify(designed.genome), 'application/json'),
        citations(data, knowledge, designed.topic),
      ]);
      return {
        source: designed.source,
        program: { kind: 'source', hash: programHash, origin: 'grammar' },
        design: {
          name: designed.name,
          motivation: designed.motivation,
          prediction: designed.prediction,
          programHash,
          genomeHash,
          components: designed.components,
          citations: cited,
          author: `researcher/offline (${designed.origin})`,
        },
      };
    }),

    certify: fromPromise<Certified, { command: DesignCommand; draft: Draft; draw: number }>(({ input, signal }) =>
      certifyDraft(bus, runners, input.command, input.draft, input.draw, signal),
    ),

    compare: fromPromise<Novelty, { command: DesignCommand; certified: Certified }>(
      async ({ input: { command, certified } }) => {
        if (!certified.legal) throw new Error('compared before it was certified');
        const { experimentId, campaignNumber, ordinal } = command.data;
        const { programHash, fingerprint } = certified;
        const { twinOf, nearest, similarity } = await bus.request('checkNovelty', {
          experimentId,
          campaignNumber,
          ordinal,
          programHash,
          fingerprint,
          register: true,
        });
        return { twinOf, nearest: nearest === null ? null : { id: nearest, correlation: similarity } };
      },
    ),

    report: fromPromise<void, { command: DesignCommand; answer: Answer }>(async ({ input: { command, answer } }) => {
      const { campaignId, experimentId, attempt, token } = command.data;
      const occurrence = {
        experimentId,
        campaignId,
        id: derivedMessageId(experimentId, 'design', attempt),
        cause: command.envelope,
        attempt,
      };
      const common = { campaignId, experimentId, attempt, token };
      switch (answer.kind) {
        case 'designed':
          await bus.publish(catalogue.designed, {
            ...occurrence,
            data: { ...common, design: answer.design, program: answer.program },
          });
          return;
        case 'rejected':
          await bus.publish(catalogue.designRejected, {
            ...occurrence,
            data: { ...common, reason: answer.reason, twinOf: answer.twinOf },
          });
          return;
        case 'failed':
          await bus.publish(catalogue.designFailed, {
            ...occurrence,
            data: { ...common, kind: 'terminal', reason: answer.reason },
          });
      }
    }),
  };
}
