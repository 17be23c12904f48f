import { callRecordSchema, encodeNonFinite, retryable } from '@asi/contracts';
import { z } from 'zod';
import type { Database } from '../database.ts';
import { recordsOf } from '../records.ts';

/** A call as it is stored: with what only its owner and the arithmetic of caps need. */
export const storedCallSchema = callRecordSchema.extend({
  /** What it can take at most: the two have different prices. */
  atMost: z.object({ input: z.number().int(), output: z.number().int() }),
  /** Whether the journal has been told of its end. */
  announced: z.boolean(),
  /** Which asking opened it last, and how many of its tries it has said broke off. Null: its question came again, and it was counted as broken off; or opened before this was kept. */
  opening: z.object({ id: z.string(), brokenOff: z.number().int() }).nullable().default(null),
});
export type StoredCall = z.infer<typeof storedCallSchema>;

/** The ledger of calls of language models. Everything on the way of a call reads and writes by key. */
export type Calls = {
  /** False when the key was there already. */
  insert(call: StoredCall): Promise<boolean>;
  /** Writes a call that is there. Throws a retryable error when it is not. */
  replace(call: StoredCall): Promise<void>;
  get(id: string): Promise<StoredCall | null>;
  /** For sums at start and for reports, never on the way of a call. */
  all(of?: { readonly campaignId: string } | { readonly experimentId: string }): AsyncGenerator<StoredCall>;
};

/**
 * The record is one text: the embedded database takes three times as long to read documents of so many fields
 * (measured), and all of them are read whenever the sums are made anew.
 */
const documentSchema = z.object({
  _id: z.string(),
  campaignId: z.string(),
  experimentId: z.string().nullable(),
  record: z.string(),
});

const packed = (call: StoredCall): z.infer<typeof documentSchema> => ({
  _id: call._id,
  campaignId: call.campaignId,
  experimentId: call.experimentId,
  record: JSON.stringify(call, encodeNonFinite),
});
const unpacked = ({ record }: z.infer<typeof documentSchema>): StoredCall => storedCallSchema.parse(JSON.parse(record));

export function callsIn(database: Database): Calls {
  const records = recordsOf(database, 'calls', documentSchema);
  const documents = database.db.collection<{ _id: string }>('calls');
  return {
    insert: (call) => records.insert(packed(call)),
    replace: async (call) => {
      const { matchedCount } = await documents.replaceOne({ _id: call._id }, packed(call));
      if (matchedCount === 0) throw retryable('call-missing', `call ${call._id} is not in the ledger`);
    },
    get: async (id) => {
      const found = await records.get(id);
      return found && unpacked(found);
    },
    all: async function* (of) {
      for await (const document of records.all({ ...of })) yield unpacked(document);
    },
  };
}
