import { createOrderedSerial, onceAsked, runProcess } from '@asi/agent-kit';
import { type DataOf, everyCommandFor } from '@asi/contracts';
import { researcherActors } from './actors.ts';
import { createBaselineRegister } from './baseline-register.ts';
import { followDesignOrder } from './design-order.ts';
import { researcherMachine } from './machine.ts';
import { offlineMind } from './offline/mind.ts';
import { createRunnerFinder } from './runner-finder.ts';
import { takeDesign } from './take-design.ts';

/**
 * A model thinks for minutes, so several designs are made at once; they are compared in the order of sampling. No more are
 * under way anywhere: an earlier one that comes again must find a place that no later one holds while it waits for it.
 */
const designsAtOnce = 6;

await runProcess({
  role: 'researcher',
  version: '0.1.0',
  boot: async (tools) => {
    const { bus, log, board, stopping } = tools;
    const runners = createRunnerFinder(bus, tools.clock.now);
    const offline = offlineMind(bus);
    const minds = {
      offline: async () => offline,
      llm: onceAsked(async () => (await import('./llm/load-mind.ts')).loadMind(tools, runners, process.env)),
    };
    const order = followDesignOrder({ bus, log, signal: stopping });
    const baselines = createBaselineRegister(bus, runners);
    const offlineCertificates = createOrderedSerial();
    const machine = researcherMachine.provide({
      actors: researcherActors({ bus, runners, minds, order, baselines, offlineCertificates }),
    });
    return {
      consume: [
        {
          durable: 'researcher',
          filters: [everyCommandFor('researcher')],
          concurrency: designsAtOnce,
          underWay: designsAtOnce,
          handle: ({ envelope, signal }) => {
            const command = { envelope, data: envelope.data as DataOf<'design'> };
            return takeDesign(machine, command, { key: envelope.id, board, signal }, offlineCertificates);
          },
        },
      ],
      drain: async () => runners.close(),
    };
  },
});
