import { encodeNonFinite, retryable, withoutPassword } from '@asi/contracts';
import { type Db, MongoClient } from 'mongodb';
import { withinTime } from './within-time.ts';

/** Keys of documents are our own strings, so that every hot path reads and writes by `_id`. */
export type Keyed = { readonly _id: string };

/** No operation takes as long on a server that is at work. */
const longestOperationSeconds = 30;

export type Database = { readonly db: Db; close(): Promise<void>; ping(): Promise<void> };

/** Connects to a MongoDB-protocol server; waits for one that is starting. Throws a retryable error when none answers. */
export async function openDatabase(
  url: string,
  name = 'asi',
  firstConnectSeconds = 30,
  operationSeconds = longestOperationSeconds,
): Promise<Database> {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: 5000,
    retryWrites: false,
    retryReads: true,
    maxPoolSize: 16,
    // FerretDB answers no server-side sessions; the driver must not insist on them.
    writeConcern: { w: 'majority', journal: true },
  });
  const db = withinTime(client.db(name), operationSeconds);
  const deadline = Date.now() + firstConnectSeconds * 1000;
  for (;;) {
    try {
      await client.connect();
      await db.command({ ping: 1 });
      break;
    } catch (error) {
      if (Date.now() > deadline) {
        throw retryable('database-unreachable', `no MongoDB server answers at ${withoutPassword(url)}`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return {
    db,
    close: () => client.close(),
    ping: async () => {
      await db.command({ ping: 1 });
    },
  };
}

/** A plain JSON copy: non-finite numbers as strings (see contracts/numbers), undefined fields gone. */
export function toDocument<T extends Keyed>(value: T): T {
  return JSON.parse(JSON.stringify(value, encodeNonFinite)) as T;
}

const duplicateKey = 11000;

export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && (error as { code?: unknown }).code === duplicateKey;
