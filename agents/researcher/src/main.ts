import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, everyCommandFor } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { researcherActors } from './actors.ts';
import { llmMind } from './llm/mind.ts';
import { loadResearcherPrompts } from './llm/prompts.ts';
import { researcherMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';
import { createRunnerFinder } from './runner-finder.ts';

await runProcess({
  role: 'researcher',
  version: '0.1.0',
  boot: async ({ bus, clock, log, board }) => {
    const runners = createRunnerFinder(bus, clock.now);
    const think = createThink({ bus, env: process.env, clock, random: { next: Math.random }, log });
    const minds = {
      offline: offlineMind(bus),
      llm: llmMind({
        bus,
        runners,
        think,
        prompts: loadResearcherPrompts(),
        defaultModel: process.env.ASI_MODEL ?? null,
      }),
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
