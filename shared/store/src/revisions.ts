import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { encodeNonFinite } from '@asi/contracts';
import type { Collection } from 'mongodb';
import type { z } from 'zod';
import { type Database, isDuplicateKey, type Keyed, toDocument } from './database.ts';

export type Revised = Keyed & { readonly rev: number };

/**
 * Documents that change under compare-and-set: a write names the revision it read, and only one writer of a revision
 * wins. Kept small in number (tens), because a filter of more than `_id` may read the whole collection.
 */
export type Revisions<T extends Revised> = {
  create(value: T): Promise<boolean>;
  get(id: string): Promise<T | null>;
  /** Replaces the document when it still has revision `value.rev - 1`. False: somebody else won. */
  replace(value: T): Promise<boolean>;
  remove(id: string): Promise<void>;
  all(): Promise<T[]>;
};

/**
 * @param packed large fields that no query looks into: they are stored together in the field `packed`, as base64 of the
 *   zstd of their JSON. The embedded database reads every document of the collection at every write under
 *   compare-and-set, and an experiment repeats itself much (measured: 17 kB become 4).
 */
export function revisionsOf<Schema extends z.ZodType<Revised>>(
  database: Database,
  collection: string,
  schema: Schema,
  packed: ReadonlyArray<keyof z.output<Schema> & string> = [],
): Revisions<z.output<Schema>> {
  const pack = (value: Revised): Revised => {
    if (packed.length === 0) return toDocument(value);
    const plain: Record<string, unknown> = { ...value };
    const hidden: Record<string, unknown> = {};
    for (const field of packed) {
      hidden[field] = plain[field];
      delete plain[field];
    }
    const bytes = zstdCompressSync(JSON.stringify(hidden, encodeNonFinite));
    return { ...toDocument(plain as Revised), packed: bytes.toString('base64') } as Revised;
  };
  const unpack = (document: Record<string, unknown>): z.output<Schema> => {
    const { packed: text, ...plain } = document;
    const hidden =
      typeof text === 'string' ? JSON.parse(zstdDecompressSync(Buffer.from(text, 'base64')).toString()) : {};
    return schema.parse({ ...plain, ...hidden }) as z.output<Schema>;
  };
  const documents: Collection<Revised> = database.db.collection<Revised>(collection);
  return {
    create: async (value) => {
      try {
        await documents.insertOne(pack(value));
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    get: async (id) => {
      const found = await documents.findOne({ _id: id });
      return found ? unpack(found) : null;
    },
    replace: async (value) => {
      const { _id, ...fields } = pack(value);
      const result = await documents.updateOne({ _id, rev: value.rev - 1 }, { $set: fields });
      return result.matchedCount === 1;
    },
    remove: async (id) => {
      await documents.deleteOne({ _id: id });
    },
    all: async () => {
      const found = await documents.find({}).sort({ _id: 1 }).toArray();
      return found.map(unpack);
    },
  };
}
