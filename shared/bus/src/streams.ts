import { journalSubjects, telemetrySubjects } from '@asi/contracts';
import { type JetStreamManager, nanos, RetentionPolicy, StorageType, type StreamConfig } from 'nats';

export const journalStream = 'JOURNAL';
export const telemetryStream = 'TELEMETRY';

const seconds = (n: number) => nanos(n * 1000);

/** The streams as data. JOURNAL is the record: append-only, kept for ever, nobody may delete or purge. */
export const streams: ReadonlyArray<Partial<StreamConfig> & { name: string }> = [
  {
    name: journalStream,
    subjects: [...journalSubjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
    duplicate_window: seconds(600),
  },
  {
    name: telemetryStream,
    subjects: [...telemetrySubjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    max_age: seconds(7 * 24 * 3600),
    max_msgs_per_subject: 2000,
    max_bytes: 512 * 1024 * 1024,
    duplicate_window: seconds(60),
  },
];

/** Creates what is missing. Safe to run from every process at every start. */
export async function provisionStreams(manager: JetStreamManager): Promise<void> {
  for (const stream of streams) {
    try {
      await manager.streams.info(stream.name);
    } catch {
      try {
        await manager.streams.add(stream);
      } catch (error) {
        // Another process may have been faster; only a stream that is still missing is an error.
        await manager.streams.info(stream.name).catch(() => {
          throw error;
        });
      }
    }
  }
}
