import { onceAsked, runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, filterFor } from '@asi/contracts';
import { judgeActors } from './actors.ts';
import { judgeMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';

const concurrency = 4;

await runProcess({
  role: 'judge',
  version: '0.1.0',
  boot: async (tools) => {
    const minds = {
      offline: async () => offlineMind,
      llm: onceAsked(async () => (await import('./llm/load-mind.ts')).loadMind(tools, process.env)),
    };
    const machine = judgeMachine.provide({ actors: judgeActors(tools, minds) });
    return {
      consume: [
        {
          durable: 'judge',
          filters: [filterFor('cmd', 'judge', 'judge')],
          concurrency,
          handle: ({ envelope, signal }) => {
            const data = envelope.data as DataOf<'judge'>;
            return runTask(
              machine,
              { command: { envelope, data } },
              { key: envelope.id, experimentId: data.experimentId, board: tools.board, signal },
            );
          },
        },
      ],
    };
  },
});
