import { type ArtifactHash, artifactHashSchema, hashText } from '@asi/contracts';
import { z } from 'zod';
import type { Database } from './database.ts';
import { recordsOf } from './records.ts';

const artifactSchema = z.object({
  _id: artifactHashSchema,
  body: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** Bodies by the hash of their text: code, logs, curves, raw scores. The same body is stored once. */
export type Artifacts = {
  put(body: string, mediaType: string): Promise<ArtifactHash>;
  get(hash: string): Promise<Artifact | null>;
};

export function artifactsIn(database: Database): Artifacts {
  const records = recordsOf(database, 'artifacts', artifactSchema);
  return {
    put: async (body, mediaType) => {
      const hash = hashText(body);
      await records.insert({ _id: hash, body, mediaType, bytes: Buffer.byteLength(body) });
      return hash;
    },
    get: (hash) => records.get(hash),
  };
}
