import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, filterFor } from '@asi/contracts';
import { judgeActors } from './actors.ts';
import { judgeMachine } from './machine.ts';

const concurrency = 4;

await runProcess({
  role: 'judge',
  version: '0.1.0',
  boot: async (tools) => {
    const machine = judgeMachine.provide({ actors: judgeActors(tools) });
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
