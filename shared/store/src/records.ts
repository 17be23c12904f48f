import type { Collection } from 'mongodb';
import type { z } from 'zod';
import { type Database, isDuplicateKey, type Keyed, toDocument } from './database.ts';

/** Documents that are inserted once and never changed. */
export type Records<T extends Keyed> = {
  /** False when the key was there already: inserting twice is harmless. */
  insert(value: T): Promise<boolean>;
  get(id: string): Promise<T | null>;
  /** Every record, in the order of keys. For building an index at start and for reports, never on a hot path. */
  all(filter?: Record<string, unknown>): AsyncGenerator<T>;
  count(): Promise<number>;
};

export function recordsOf<Schema extends z.ZodType<Keyed>>(
  database: Database,
  collection: string,
  schema: Schema,
): Records<z.output<Schema>> {
  const documents: Collection<Keyed> = database.db.collection<Keyed>(collection);
  return {
    insert: async (value) => {
      try {
        await documents.insertOne(toDocument(value));
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    get: async (id) => {
      const found = await documents.findOne({ _id: id });
      return found ? (schema.parse(found) as z.output<Schema>) : null;
    },
    all: async function* (filter = {}) {
      for await (const document of documents.find(filter).sort({ _id: 1 })) {
        yield schema.parse(document) as z.output<Schema>;
      }
    },
    count: () => documents.countDocuments({}),
  };
}
