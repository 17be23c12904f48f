import { canonicalJson, experimentIdSchema, ownArmSchema } from '@asi/contracts';
import { type Database, type Records, recordsOf, toDocument } from '@asi/store';
import { z } from 'zod';

const formSchema = z.object({
  programHash: z.string(),
  /** Standardised outputs (see the certificate), each segment packed. */
  segments: z.array(z.string()),
});

/** A design or a baseline that was registered: what it is compared by, and when it was sampled. */
const fingerprintSchema = formSchema.extend({
  _id: experimentIdSchema,
  campaignNumber: z.number().int(),
  ordinal: z.number().int(),
  arm: ownArmSchema,
  /** Further programs that are the same thing: of a baseline what designers are shown, where that is laid out otherwise. */
  others: z.array(formSchema).optional(),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** What an engineer made of a design. In documents of their own, because a design that is drawn anew replaces its document. */
const revisedFingerprintSchema = formSchema.extend({
  /** Of experiment and program. */
  _id: z.string(),
  experimentId: experimentIdSchema,
});
export type RevisedFingerprint = z.infer<typeof revisedFingerprintSchema>;

export type Fingerprints = Pick<Records<Fingerprint>, 'all'> & {
  /** Writes the design of an experiment; a later design of the same experiment takes the place of the earlier one. */
  put(value: Fingerprint): Promise<void>;
  readonly revised: Pick<Records<RevisedFingerprint>, 'all' | 'insert'>;
};

/** The collections `fingerprints` and `revisedFingerprints`, which only the archive writes. */
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
    revised: recordsOf(database, 'revisedFingerprints', revisedFingerprintSchema),
  };
}
