export type { Artifact, Artifacts } from './artifacts.ts';
export {
  type Account,
  accountsOf,
  type CallTotals,
  capOf,
  createCallTotals,
  mostDollars,
  paidFor,
  type Standing,
} from './calls/call-totals.ts';
export { type Calls, type StoredCall, storedCallSchema } from './calls/calls.ts';
export { dollarsOf } from './calls/dollars-of.ts';
export { artifactsIn, callsIn, campaignsIn, experimentsIn, inflightIn, insightsIn, papersIn } from './collections.ts';
export { type Database, isDuplicateKey, type Keyed, openDatabase, toDocument } from './database.ts';
export { type Inflight, inflightSchema, type OutboxEntry, outboxEntrySchema } from './inflight.ts';
export { type Records, recordsOf } from './records.ts';
export { type Revised, type Revisions, revisionsOf } from './revisions.ts';
