import type { ArmName, ReplyOf, services } from '@asi/contracts';
import type { z } from 'zod';
import { comparePlaces, type Place } from '../place.ts';
import type { Fingerprint, Fingerprints } from './fingerprints.ts';
import { packSegment, unpackSegment } from './packed-segment.ts';
import { likeness, type Standardised, standardised } from './standardised.ts';

export type NoveltyQuestion = z.infer<(typeof services.checkNovelty)['request']>;
export type NoveltyAnswer = ReplyOf<'checkNovelty'>;

/**
 * Recognises twins among the registered designs.
 *
 * N1: a question sees only what was sampled before the asker, so that of two twins the later one is refused; of its own
 *     campaign the designs of its arm alone: what another arm has found is not taken away from it.
 * N2: comparison and registration are one synchronous step: two questions at once cannot both miss each other.
 * N3: an answer is given when the registration is on disk; repeating the question repeats the answer.
 */
export type Novelty = {
  check(question: NoveltyQuestion): Promise<NoveltyAnswer>;
  size(): number;
};

type Design = Place & {
  readonly id: string;
  readonly arm: ArmName | null;
  readonly programHash: string;
  readonly behaviour: Standardised;
};

/**
 * Two programs whose segments all correlate above this are one program written twice. Rewrites stay above 1 - 1e-7; at 0.999
 * a changed gene of a path that adds little would be taken for a rewrite (docs/evaluation/fingerprints.md).
 */
export const twinCorrelation = 0.99999;

export async function openNovelty(store: Fingerprints): Promise<Novelty> {
  const designs = new Map<string, Design>();
  for await (const stored of store.all()) designs.set(stored._id, designOf(stored));

  return {
    check: async ({ register, ...question }) => {
      const stored: Fingerprint = {
        _id: question.experimentId,
        campaignNumber: question.campaignNumber,
        ordinal: question.ordinal,
        arm: question.arm,
        programHash: question.programHash,
        segments: question.fingerprint.map(packSegment),
      };
      const asked = designOf(stored);
      const answer = compare(asked, designs.values());
      if (answer.twinOf !== null || !register) return answer;
      const before = designs.get(asked.id);
      designs.set(asked.id, asked);
      try {
        await store.put(stored);
      } catch (error) {
        if (before) designs.set(asked.id, before);
        else designs.delete(asked.id);
        throw error;
      }
      return answer;
    },
    size: () => designs.size,
  };
}

/** The earliest design with the same program, else the design that behaves most alike (the earlier one of equals). */
function compare(asked: Design, designs: Iterable<Design>): NoveltyAnswer {
  let same: Design | null = null;
  let nearest: Design | null = null;
  let similarity = -1;
  for (const one of designs) {
    if (one.id === asked.id || comparePlaces(one, asked) >= 0) continue;
    if (one.campaignNumber === asked.campaignNumber && one.arm !== asked.arm) continue;
    if (one.programHash === asked.programHash && (same === null || comparePlaces(one, same) < 0)) same = one;
    const alike = likeness(asked.behaviour, one.behaviour, similarity);
    if (nearest === null || alike > similarity || (alike === similarity && comparePlaces(one, nearest) < 0)) {
      nearest = one;
      similarity = alike;
    }
  }
  if (same !== null) return { twinOf: same.id, similarity: 1, nearest: same.id };
  if (nearest === null) return { twinOf: null, similarity: 0, nearest: null };
  return { twinOf: similarity > twinCorrelation ? nearest.id : null, similarity, nearest: nearest.id };
}

const designOf = ({ _id, campaignNumber, ordinal, arm, programHash, segments }: Fingerprint): Design => ({
  id: _id,
  campaignNumber,
  ordinal,
  arm,
  programHash,
  behaviour: standardised(segments.map(unpackSegment)),
});
