import type { ExperimentRecord } from '@asi/contracts';
import type { SettledRun } from '@asi/statistics';

/** What a confirmation takes from the record of one of its trainings. */
export const settledRunOf = ({ outcome, measurement, reason }: ExperimentRecord): SettledRun => ({
  outcome,
  measured: measurement,
  code: reason?.code ?? null,
  suspectLeak: Boolean(measurement?.suspectLeak),
});
