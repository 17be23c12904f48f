import type { Bus } from '@asi/bus';
import { attemptTokenOf, catalogue, type DataOf, type Envelope } from '@asi/contracts';
import type { ExperimentContext } from './context.ts';

/**
 * The message that brought the measurement: the cause of the assessment, also where that had to wait for the reference. Null where
 * another attempt was the last to report.
 */
export async function measuredBy(
  bus: Pick<Bus, 'newestOnRecord'>,
  { experimentId, attempts }: Pick<ExperimentContext, 'experimentId' | 'attempts'>,
): Promise<Envelope | null> {
  const newest = await bus.newestOnRecord(catalogue.trained, experimentId);
  const token = attemptTokenOf(experimentId, 'training', attempts.training);
  return newest && (newest.data as DataOf<'trained'>).token === token ? newest : null;
}
