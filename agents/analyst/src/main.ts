import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, filterFor } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { analystActors } from './actors.ts';
import { llmMind } from './llm/mind.ts';
import { analystMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';
import { createTreeStatistics } from './tree-statistics.ts';

const concurrency = 4;

await runProcess({
  role: 'analyst',
  version: '0.1.0',
  boot: async (tools) => {
    const tree = createTreeStatistics(tools.bus);
    const { bus, log, clock } = tools;
    const think = createThink({ bus, env: process.env, clock, random: { next: Math.random }, log });
    const minds = {
      offline: offlineMind(bus, clock),
      llm: llmMind({ bus, clock, think, defaultModel: process.env.ASI_MODEL ?? null }),
    };
    const machine = analystMachine.provide({ actors: analystActors(tools, tree, minds) });
    return {
      consume: [
        {
          durable: 'analyst',
          filters: [filterFor('cmd', 'analyst', 'analyse')],
          concurrency,
          handle: ({ envelope, signal }) => {
            const data = envelope.data as DataOf<'analyse'>;
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
