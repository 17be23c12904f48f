import type { Bus } from '@asi/bus';
import type { Citation } from '@asi/contracts';
import { keepParentProgram } from '../keep-parent-program.ts';
import type { DesignCommand } from '../machine.ts';
import type { ResearcherMind } from '../mind.ts';
import { designOffline, type OfflineKnowledge } from './design.ts';
import { type OfflineRecollection, recallOffline } from './recall.ts';

const papersCited = 2;

/** The mind that needs no language model: it varies genomes of the grammar, and draws anew when a draft fails. */
export function offlineMind(bus: Bus): ResearcherMind {
  const keep = async (body: string, mediaType: string) => (await bus.request('putArtifact', { body, mediaType })).hash;

  const citations = async (
    data: DesignCommand['data'],
    knowledge: OfflineRecollection,
    { topic, origin }: Pick<ReturnType<typeof designOffline>, 'topic' | 'origin'>,
  ): Promise<Citation[]> => {
    const { hits } = await bus.request('searchPapers', { query: topic, limit: papersCited });
    return [
      {
        kind: 'experiment',
        id: data.parent.experimentId,
        why: whyParent(knowledge, origin),
      },
      ...(knowledge.insight && knowledge.effects.length > 0
        ? [
            {
              kind: 'insight' as const,
              id: knowledge.insight._id,
              why: whyInsight(data),
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
    recall: ({ data }, signal) => recallOffline(bus, data, signal),
    draft: async ({ command: { data }, recalled, draw }) => {
      const knowledge = recalled as OfflineRecollection;
      const designed = designOffline(knowledge, data.seed, draw);
      // At once: designs are compared one after another, so a wait in here is a wait of those that follow.
      const [programHash, genomeHash, parentProgram, cited] = await Promise.all([
        keep(designed.source, 'text/x-python'),
        keep(JSON.stringify(designed.genome), 'application/json'),
        keepParentProgram(bus, data.parent),
        citations(data, knowledge, designed),
      ]);
      return {
        source: designed.source,
        program: { kind: 'source', hash: programHash, origin: 'grammar' },
        design: {
          name: designed.name,
          motivation: designed.motivation,
          prediction: designed.prediction,
          programHash,
          ...parentProgram,
          genomeHash,
          components: designed.components,
          citations: cited,
          author: `researcher/offline (${designed.origin})`,
        },
      };
    },
    judgeNovelty: null,
  };
}

function whyInsight({ horizon, learnFromInsights }: DesignCommand['data']): string {
  const effects = `its estimated effects, brought up to the results that this design may know (horizon ${horizon})`;
  return learnFromInsights === 'shuffled'
    ? `${effects}, steered the choice of components after they were assigned to wrong ones: a control`
    : `${effects}, steered the choice of components`;
}

function whyParent({ isParentVaried, parent }: OfflineKnowledge, origin: string): string {
  if (origin === 'draw') return 'sampled as the parent and compared with; nothing was taken from it: drawn anew';
  return isParentVaried
    ? 'the parent'
    : `sampled as the parent and compared with; it is not of the grammar, so ${parent.name} was varied instead`;
}
