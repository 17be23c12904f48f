import type { Minds, ProcessTools } from '@asi/agent-kit';
import { catalogue, derivedMessageId } from '@asi/contracts';
import type { ComponentSums } from '@asi/statistics';
import { fromPromise } from 'xstate';
import type { AnalyseCommand, Answer } from './machine.ts';
import type { AnalystMind } from './mind.ts';
import type { Analysed, PaperHit } from './offline/analyse.ts';
import type { TreeStatistics } from './tree-statistics.ts';

/** The work behind the states of the analyst machine; the command names the mind that thinks. */
export function analystActors({ bus }: Pick<ProcessTools, 'bus'>, tree: TreeStatistics, minds: Minds<AnalystMind>) {
  return {
    gather: fromPromise<ComponentSums, AnalyseCommand>(({ input: { data }, signal }) =>
      tree.at({ ...data, scale: data.reference }, signal),
    ),

    consult: fromPromise<readonly PaperHit[], AnalyseCommand>(async ({ input: { data }, signal }) =>
      (await minds[data.mind]()).consult(data, signal),
    ),

    think: fromPromise<Analysed, { command: AnalyseCommand; statistics: ComponentSums; hits: readonly PaperHit[] }>(
      async ({ input: { command, statistics, hits }, signal }) =>
        (await minds[command.data.mind]()).think({ data: command.data, statistics, hits }, signal),
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
