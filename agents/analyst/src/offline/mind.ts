import type { Bus } from '@asi/bus';
import type { Clock } from '@asi/contracts';
import { symptomOf, weakestTask } from '@asi/statistics';
import type { AnalystMind } from '../mind.ts';
import { analyse } from './analyse.ts';

const papersAsked = 3;

/** The mind that needs no language model: statistics over the tree, and the literature on the weakest task. */
export const offlineMind = (bus: Pick<Bus, 'request'>, clock: Clock): AnalystMind => ({
  consult: async ({ measurement, reference }) => {
    const weakness = weakestTask(measurement, reference);
    if (!weakness) return [];
    return (await bus.request('searchPapers', { query: symptomOf(weakness.task), limit: papersAsked })).hits;
  },
  think: async ({ data, statistics, hits }) => analyse(data, statistics, hits, clock.now().toISOString()),
});
