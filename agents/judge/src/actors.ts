import type { Minds, ProcessTools } from '@asi/agent-kit';
import { catalogue, derivedMessageId, type Judgement } from '@asi/contracts';
import { fromPromise } from 'xstate';
import type { Answer, JudgeCommand } from './machine.ts';
import type { JudgeMind } from './mind.ts';

/** The work behind the states of the judge machine; the command names the mind that thinks. */
export const judgeActors = ({ bus }: Pick<ProcessTools, 'bus'>, minds: Minds<JudgeMind>) => ({
  weigh: fromPromise<Judgement, JudgeCommand>(async ({ input: { data }, signal }) =>
    (await minds[data.mind]()).judge(data, signal),
  ),

  report: fromPromise<void, { command: JudgeCommand; answer: Answer }>(async ({ input: { command, answer } }) => {
    const { campaignId, experimentId, attempt, token } = command.data;
    const common = { campaignId, experimentId, attempt, token };
    const occurrence = {
      experimentId,
      campaignId,
      id: derivedMessageId(experimentId, 'judgement', attempt),
      cause: command.envelope,
      attempt,
    };
    if (answer.kind === 'judged') {
      await bus.publish(catalogue.judged, { ...occurrence, data: { ...common, judgement: answer.judgement } });
    } else {
      await bus.publish(catalogue.judgingFailed, { ...occurrence, data: { ...common, ...answer.failure } });
    }
  }),
});
