import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, everyCommandFor } from '@asi/contracts';
import { researcherActors } from './actors.ts';
import { researcherMachine } from './machine.ts';
import type { ResearcherMind } from './mind.ts';
import { offlineMind } from './offline/mind.ts';
import { createRunnerFinder } from './runner-finder.ts';

await runProcess({
  role: 'researcher',
  version: '0.1.0',
  boot: async (tools) => {
    const { bus, board } = tools;
    const runners = createRunnerFinder(bus, tools.clock.now);
    const offline = offlineMind(bus);
    let llm: Promise<ResearcherMind> | null = null;
    const minds = {
      offline: async () => offline,
      // Loaded by the first command that wants it: the libraries of language models cost 100 MB and 1.7 CPU-seconds.
      llm: () => {
        llm ??= import('./llm/load-mind.ts').then(({ loadMind }) => loadMind(tools, runners, process.env));
        return llm;
      },
    };
    const machine = researcherMachine.provide({ actors: researcherActors(bus, runners, minds) });
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
              { key: envelope.id, experimentId: data.experimentId, board, signal },
            );
          },
        },
      ],
      drain: async () => runners.close(),
    };
  },
});
