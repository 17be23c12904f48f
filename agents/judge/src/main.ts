import { runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, filterFor } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { judgeActors } from './actors.ts';
import { llmMind } from './llm/mind.ts';
import { judgeMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';

const concurrency = 4;

await runProcess({
  role: 'judge',
  version: '0.1.0',
  boot: async (tools) => {
    const { bus, log, clock } = tools;
    const think = createThink({ bus, env: process.env, clock, random: { next: Math.random }, log });
    const minds = {
      offline: offlineMind,
      llm: llmMind({ bus, think, defaultModel: process.env.ASI_MODEL ?? null }),
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
