import { onceAsked, runProcess, runTask } from '@asi/agent-kit';
import { type DataOf, filterFor } from '@asi/contracts';
import { componentEffects } from '@asi/statistics';
import { analystActors } from './actors.ts';
import { analystMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';
import { createTreeStatistics } from './tree-statistics.ts';

const concurrency = 4;
/** Longer than anybody waits for one answer: who still wants it has asked again by then. */
const effectsMilliseconds = 10_000;

await runProcess({
  role: 'analyst',
  version: '0.1.0',
  boot: async (tools) => {
    const tree = createTreeStatistics(tools.bus);
    const offline = offlineMind(tools.bus, tools.clock);
    const minds = {
      offline: async () => offline,
      llm: onceAsked(async () => (await import('./llm/load-mind.ts')).loadMind(tools, process.env)),
    };
    const machine = analystMachine.provide({ actors: analystActors(tools, tree, minds) });
    return {
      serve: (announcement) =>
        announcement.serve('componentEffects', async ({ meritScale, ...place }) => ({
          effects: componentEffects(
            await tree.at({ ...place, scale: meritScale }, AbortSignal.timeout(effectsMilliseconds)),
            meritScale,
          ),
        })),
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
