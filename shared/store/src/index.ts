export type { Artifact, Artifacts } from './artifacts.ts';
export { artifactsIn, campaignsIn, experimentsIn, inflightIn, insightsIn, papersIn } from './collections.ts';
export { type Database, isDuplicateKey, type Keyed, openDatabase, toDocument } from './database.ts';
export { type Inflight, inflightSchema, type OutboxEntry, outboxEntrySchema } from './inflight.ts';
export { type Records, recordsOf } from './records.ts';
export { type Revised, type Revisions, revisionsOf } from './revisions.ts';
