import type { ProcessTools } from '@asi/agent-kit';
import { catalogue, derivedMessageId } from '@asi/contracts';
import { fromPromise } from 'xstate';
import type { AnalyseCommand, Answer } from './machine.ts';
import { type Analysed, analyse, type PaperHit } from './offline/analyse.ts';
import type { Statistics } from './offline/effects/statistics.ts';
import { symptomOf, weakestTask } from './offline/weakest-task.ts';
import type { TreeStatistics } from './tree-statistics.ts';

const papersAsked = 3;

/** The work behind the states of the analyst machine, with the offline mind. */
export function analystActors({ bus, clock }: Pick<ProcessTools, 'bus' | 'clock'>, tree: TreeStatistics) {
  return {
    gather: fromPromise<Statistics, AnalyseCommand>(({ input: { data }, signal }) => tree.at(data, signal)),

    consult: fromPromise<readonly PaperHit[], AnalyseCommand>(async ({ input: { data } }) => {
      const weakness = weakestTask(data.measurement, data.reference);
      if (!weakness) return [];
      return (await bus.request('searchPapers', { query: symptomOf(weakness.task), limit: papersAsked })).hits;
    }),

    think: fromPromise<Analysed, { command: AnalyseCommand; statistics: Statistics; hits: readonly PaperHit[] }>(
      async ({ input }) => analyse(input.command.data, input.statistics, input.hits, clock.now().toISOString()),
    ),

    keep: fromPromise<void, Analysed>(async ({ input }) => {
      await bus.request('putInsight', input.insight);
    }),

    report: fromPromise<void, { command: AnalyseCommand; answer: Answer }>(async ({ input: { command, answer } }) => {
      const { campaignId, experimentId, attempt, token } = command.data;
      const common = { campaignId, experimentId, attempt, token };
      const occurrence = {
        experimentId,
        campaignId,
        id: derivedMessageId(experimentId, 'analysis', attempt),
        cause: command.envelope,
        attempt,
      };
      if (answer.kind === 'analysed') {
        await bus.publish(catalogue.analysed, {
          ...occurrence,
          data: { ...common, analysis: answer.analysed.analysis },
        });
      } else {
        await bus.publish(catalogue.analysingFailed, { ...occurrence, data: { ...common, ...answer.failure } });
      }
    }),
  };
}
