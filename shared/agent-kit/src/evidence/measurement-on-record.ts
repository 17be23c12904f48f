import type { Bus } from '@asi/bus';
import { buildSubject, catalogue, type DataOf, type HistoryEntry, type Measurement } from '@asi/contracts';

/**
 * The whole measurement of an earlier experiment, from the journal: the only memory that agents have. It is the one that
 * the entry speaks of, for a late answer to an older attempt stands in the journal as well; null without one.
 */
export async function measurementOnRecord(
  bus: Pick<Bus, 'journal'>,
  { experimentId, languageModelLoss, battery }: HistoryEntry,
): Promise<Measurement | null> {
  if (languageModelLoss === null && battery === null) return null;
  const { kind, owner, name } = catalogue.trained;
  const filters = [buildSubject({ kind, owner, name, experiment: experimentId })];
  for await (const { envelope } of bus.journal({ filters })) {
    const measurement = (envelope?.data as DataOf<'trained'> | undefined)?.measurement;
    if (measurement?.languageModelLoss === languageModelLoss && measurement.battery === battery) return measurement;
  }
  return null;
}
