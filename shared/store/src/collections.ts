import { campaignRecordSchema, experimentRecordSchema, insightSchema, paperSchema } from '@asi/contracts';
import { artifactsIn } from './artifacts.ts';
import { callsIn } from './calls/calls.ts';
import type { Database } from './database.ts';
import { inflightSchema } from './inflight.ts';
import { recordsOf } from './records.ts';
import { revisionsOf } from './revisions.ts';

/** The collections with their owners; each has exactly one process that writes it, everybody else reads. */
export const campaignsIn = (database: Database) => revisionsOf(database, 'campaigns', campaignRecordSchema); // director
export const inflightIn = (database: Database) =>
  revisionsOf(database, 'inflight', inflightSchema, ['snapshot', 'inbox', 'outbox']); // director
export const experimentsIn = (database: Database) => recordsOf(database, 'experiments', experimentRecordSchema); // director
export const insightsIn = (database: Database) => recordsOf(database, 'insights', insightSchema); // archive
export const papersIn = (database: Database) => recordsOf(database, 'cognition', paperSchema); // cognition
export { artifactsIn, callsIn }; // archive
