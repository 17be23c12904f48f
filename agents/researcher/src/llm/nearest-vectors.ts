import type { Bus } from '@asi/bus';
import type { ArtifactHash } from '@asi/contracts';
import { cosine, embeddingAnswerSchema, readVector } from '@asi/llm';
import type { EarlierDesign } from './earlier-designs.ts';

export type NearVector = { readonly id: string; readonly cosine: number };

export type NearestVectors = {
  /**
   * Earlier designs by the angle of their vectors to this one, nearest first: those that have one of the same model. It asks
   * the archive, and no endpoint: what was embedded once is never embedded again.
   */
  of(
    idea: { readonly model: string; readonly vector: Float32Array },
    earlier: readonly EarlierDesign[],
    limit: number,
  ): Promise<NearVector[]>;
};

const askedAtOnce = 32;

/** Reads each vector once for a process. */
export function createNearestVectors(bus: Pick<Bus, 'request'>): NearestVectors {
  const vectors = new Map<ArtifactHash, Float32Array | null>();

  const read = async (hash: ArtifactHash): Promise<void> => {
    const { body } = await bus.request('getArtifact', { hash });
    const answer = body === null ? null : embeddingAnswerSchema.safeParse(asJson(body));
    const vector = answer?.success ? readVector(answer.data, null) : null;
    // What cannot be read is found by its words.
    vectors.set(hash, vector?.good ? vector.vector : null);
  };

  return {
    of: async ({ model, vector }, earlier, limit) => {
      const comparable = earlier.flatMap(({ id, embedding }) =>
        embedding?.model === model ? [{ id, hash: embedding.vectorHash }] : [],
      );
      const unread = [...new Set(comparable.map(({ hash }) => hash))].filter((hash) => !vectors.has(hash));
      for (let at = 0; at < unread.length; at += askedAtOnce)
        await Promise.all(unread.slice(at, at + askedAtOnce).map(read));
      return comparable
        .flatMap(({ id, hash }) => {
          const other = vectors.get(hash);
          const near = other ? cosine(vector, other) : null;
          return near === null ? [] : [{ id, cosine: near }];
        })
        .sort((a, b) => b.cosine - a.cosine || (a.id < b.id ? -1 : 1))
        .slice(0, limit);
    },
  };
}

function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
