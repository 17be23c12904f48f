import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, everyCommandFor } from '@asi/contracts';
import { researcherActors } from './actors.ts';
import { researcherMachine } from './machine.ts';
import { createRunnerFinder } from './runner-finder.ts';

await runProcess({
  role: 'researcher',
  version: '0.1.0',
  boot: async (tools) => {
    const runners = createRunnerFinder(tools.bus, tools.clock.now);
    const machine = researcherMachine.provide({ actors: researcherActors(tools, runners) });
    return {
      consume: [
        {
          durable: 'researcher',
          filters: [everyCommandFor('researcher')],
          // One design at a time, in the order of sampling: a design is compared with all earlier ones, so order is part of the result.
          concurrency: 1,
          inOrder: true,
          handle: ({ envelope, signal }) => {
            const data = envelope.data as DataOf<'design'>;
            return runTask(
              machine,
              { command: { envelope, data } },
              { key: envelope.id, experimentId: data.experimentId, board: tools.board, signal },
            );
          },
        },
      ],
      drain: async () => runners.close(),
    };
  },
});
