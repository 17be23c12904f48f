import type { JetStreamManager } from 'nats';
import { journalStream } from './streams.ts';

/** What a durable consumer still has to do. */
export type Backlog = {
  readonly consumer: string;
  readonly waiting: number;
  readonly underWay: number;
  readonly redelivered: number;
};

/** Backlogs of all durable consumers of the journal, by name. */
export async function readBacklog(manager: JetStreamManager): Promise<Backlog[]> {
  const found: Backlog[] = [];
  for await (const info of manager.consumers.list(journalStream)) {
    if (!info.config.durable_name) continue;
    found.push({
      consumer: info.config.durable_name,
      waiting: info.num_pending,
      underWay: info.num_ack_pending,
      redelivered: info.num_redelivered,
    });
  }
  return found.sort((a, b) => a.consumer.localeCompare(b.consumer));
}
