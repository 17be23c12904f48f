export type { Backlog } from './backlog.ts';
export { type Announcement, type Bus, type BusOptions, connectBus } from './bus.ts';
export type { ConsumeOptions, Consumption, DeadLetter, Delivery, Places } from './consume.ts';
export type { JournalQuery, JournalRecord } from './journal.ts';
export { type Definition, decodeEnvelope, encodeEnvelope, type Occurrence, stamp } from './message.ts';
export { encodePublishable, type Published } from './publish.ts';
export { journalStream, streams, telemetryStream } from './streams.ts';
