import { canonicalJson, experimentIdSchema, ownArmSchema } from '@asi/contracts';
import { type Database, type Records, recordsOf, toDocument } from '@asi/store';
import { z } from 'zod';

/** A design or a baseline that was registered: what it is compared by, and when it was sampled. */
const fingerprintSchema = z.object({
  _id: experimentIdSchema,
  campaignNumber: z.number().int(),
  ordinal: z.number().int(),
  arm: ownArmSchema,
  programHash: z.string(),
  /** Standardised outputs (see the certificate), each segment packed. */
  segments: z.array(z.string()),
  /** Further programs that are the same thing: of a baseline what designers are shown, where that is laid out otherwise. */
  others: z.array(z.object({ programHash: z.string(), segments: z.array(z.string()) })).optional(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

export type Fingerprints = Pick<Records<Fingerprint>, 'all'> & {
  /** Writes the design of an experiment; a later design of the same experiment takes the place of the earlier one. */
  put(value: Fingerprint): Promise<void>;
};

/** The collection `fingerprints`, which only the archive writes. */
export function fingerprintsIn(database: Database): Fingerprints {
  const records = recordsOf(database, 'fingerprints', fingerprintSchema);
  const documents = database.db.collection<{ _id: string }>('fingerprints');
  return {
    all: records.all,
    put: async (value) => {
      // Inserting first, because an upsert reads the whole collection of the embedded server at every design.
      if (await records.insert(value)) return;
      const stored = await records.get(value._id);
      if (stored && canonicalJson(stored) === canonicalJson(value)) return;
      await documents.replaceOne({ _id: value._id }, toDocument(value));
    },
  };
}
