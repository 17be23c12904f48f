import type { ArmName, ReplyOf, services } from '@asi/contracts';
import type { z } from 'zod';
import { comparePlaces, type Place } from '../place.ts';
import type { Fingerprint, Fingerprints, RevisedFingerprint } from './fingerprints.ts';
import { packSegment, unpackSegment } from './packed-segment.ts';
import { likeness, type Standardised, standardised } from './standardised.ts';

export type NoveltyQuestion = z.infer<(typeof services.checkNovelty)['request']>;
export type NoveltyAnswer = ReplyOf<'checkNovelty'>;
export type KnownBaseline = z.infer<(typeof services.registerBaseline)['request']>;
export type KnownRevision = z.infer<(typeof services.registerRevision)['request']>;

/**
 * Recognises twins among the registered designs.
 *
 * N1: a question sees only what was sampled before the asker, so that of two twins the later one is refused; of its own
 *     campaign the designs of its arm alone: what another arm has found is not taken away from it.
 * N2: comparison and registration are one synchronous step: two questions at once cannot both miss each other.
 *     Baselines are before all candidates of the campaign that registered them, and everybody's.
 * N3: an answer is given when the registration is on disk; repeating the question repeats the answer.
 * N4: what an engineer made of a design is seen by who may know its result: by later campaigns, and in its own from the
 *     horizon on that includes it. When a training failed, and how soon it was mended, decides nothing.
 */
export type Novelty = {
  check(question: NoveltyQuestion): Promise<NoveltyAnswer>;
  /** A baseline that a later campaign reuses stays where it is: earlier campaigns must see no other than they saw. */
  registerBaseline(baseline: KnownBaseline): Promise<void>;
  registerRevision(revision: KnownRevision): Promise<void>;
  size(): number;
};

type Form = { readonly programHash: string; readonly behaviour: Standardised };

type Design = Place & {
  readonly id: string;
  readonly arm: ArmName | null;
  /** One, but for baselines. */
  readonly forms: readonly [Form, ...Form[]];
};

/**
 * Two programs whose segments all correlate above this are one program written twice. Rewrites stay above 1 - 1e-7; at 0.999
 * a changed gene of a path that adds little would be taken for a rewrite (docs/evaluation/fingerprints.md).
 */
export const twinCorrelation = 0.99999;

export async function openNovelty(store: Fingerprints): Promise<Novelty> {
  const designs = new Map<string, Design>();
  for await (const stored of store.all()) designs.set(stored._id, designOf(stored));
  const revisions = new Map<string, Form[]>();
  const remember = ({ experimentId, ...stored }: RevisedFingerprint): void => {
    const known = revisions.get(experimentId) ?? [];
    if (known.some(({ programHash }) => programHash === stored.programHash)) return;
    revisions.set(experimentId, [...known, formOf(stored)]);
  };
  for await (const stored of store.revised.all()) remember(stored);

  const keep = async (stored: Fingerprint, design: Design): Promise<void> => {
    const before = designs.get(design.id);
    designs.set(design.id, design);
    try {
      await store.put(stored);
    } catch (error) {
      if (before) designs.set(design.id, before);
      else designs.delete(design.id);
      throw error;
    }
  };

  return {
    check: async ({ register, horizon, ...question }) => {
      const stored: Fingerprint = {
        _id: question.experimentId,
        campaignNumber: question.campaignNumber,
        ordinal: question.ordinal,
        arm: question.arm,
        programHash: question.programHash,
        segments: question.fingerprint.map(packSegment),
      };
      const asked = designOf(stored);
      const isResultKnown = ({ campaignNumber, ordinal }: Place) =>
        campaignNumber < asked.campaignNumber || ordinal <= horizon;
      const formsOf = (one: Design) => [...one.forms, ...(isResultKnown(one) ? (revisions.get(one.id) ?? []) : [])];
      const answer = compare(asked, designs.values(), formsOf);
      if (answer.twinOf !== null || !register) return answer;
      await keep(stored, asked);
      return answer;
    },
    registerBaseline: async ({ experimentId, campaignNumber, ordinal, programs }) => {
      const [first, ...others] = programs.map(({ programHash, fingerprint }) => ({
        programHash,
        segments: fingerprint.map(packSegment),
      }));
      if (!first || designs.has(experimentId)) return;
      const stored: Fingerprint = {
        _id: experimentId,
        campaignNumber,
        ordinal,
        arm: null,
        ...first,
        ...(others.length > 0 ? { others } : {}),
      };
      await keep(stored, designOf(stored));
    },
    registerRevision: async ({ experimentId, programHash, fingerprint }) => {
      const segments = fingerprint.map(packSegment);
      const stored = { _id: `${experimentId}/${programHash}`, experimentId, programHash, segments };
      await store.revised.insert(stored);
      remember(stored);
    },
    size: () => designs.size,
  };
}

/** The earliest design with the same program, else the design that behaves most alike (the earlier one of equals). */
function compare(
  asked: Design,
  designs: Iterable<Design>,
  formsOf: (design: Design) => readonly Form[],
): NoveltyAnswer {
  let same: Design | null = null;
  let nearest: Design | null = null;
  let similarity = -1;
  const [{ programHash, behaviour }] = asked.forms;
  for (const one of designs) {
    if (one.id === asked.id || comparePlaces(one, asked) >= 0) continue;
    if (one.campaignNumber === asked.campaignNumber && one.arm !== asked.arm && !isBaseline(one)) continue;
    const forms = formsOf(one);
    const isSame = forms.some((form) => form.programHash === programHash);
    if (isSame && (same === null || comparePlaces(one, same) < 0)) same = one;
    const alike = Math.max(...forms.map((form) => likeness(behaviour, form.behaviour, similarity)));
    if (nearest === null || alike > similarity || (alike === similarity && comparePlaces(one, nearest) < 0)) {
      nearest = one;
      similarity = alike;
    }
  }
  if (same !== null) return { twinOf: same.id, similarity: 1, nearest: same.id };
  if (nearest === null) return { twinOf: null, similarity: 0, nearest: null };
  return { twinOf: similarity > twinCorrelation ? nearest.id : null, similarity, nearest: nearest.id };
}

const isBaseline = ({ ordinal }: Place): boolean => ordinal < 1;

const formOf = ({ programHash, segments }: Pick<Fingerprint, 'programHash' | 'segments'>): Form => ({
  programHash,
  behaviour: standardised(segments.map(unpackSegment)),
});

const designOf = (stored: Fingerprint): Design => ({
  id: stored._id,
  campaignNumber: stored.campaignNumber,
  ordinal: stored.ordinal,
  arm: stored.arm,
  forms: [formOf(stored), ...(stored.others ?? []).map(formOf)],
});
