import type { Bus } from '@asi/bus';
import { type ArmName, catalogue, type DataOf, type Design, filterFor } from '@asi/contracts';

export type EarlierDesign = {
  readonly id: string;
  readonly name: string;
  readonly motivation: string;
  /** Where its vector is, and whose it is; null where none was asked for. */
  readonly embedding: Pick<NonNullable<Design['embedding']>, 'model' | 'vectorHash'> | null;
};

/** Whose earlier designs are asked for. */
export type Asker = { readonly experimentId: string; readonly arm: ArmName | null };

/** Ideas of all designs there ever were, by the journal. */
export type EarlierDesigns = {
  /**
   * Those sampled before an experiment, in the order of sampling: of its own campaign those of its arm, of earlier ones
   * all, later ordinals never.
   */
  before(asker: Asker): Promise<EarlierDesign[]>;
};

/** Reads the journal once, and from then on only what is new in it. */
export function followDesigns(bus: Bus): EarlierDesigns {
  const designs = new Map<string, EarlierDesign & { readonly arm: ArmName | null }>();
  const filter = filterFor(catalogue.designed.kind, catalogue.designed.owner, catalogue.designed.name);
  let next = 1;
  return {
    before: async ({ experimentId, arm: own }) => {
      for await (const { sequence, envelope } of bus.journal({
        filters: [filter],
        fromSequence: next,
      })) {
        next = Math.max(next, sequence + 1);
        if (!envelope) continue;
        const { experimentId: id, arm, design } = envelope.data as DataOf<'designed'>;
        const { name, motivation, embedding } = design;
        designs.set(id, { id, arm, name, motivation, embedding: embedding ?? null });
      }
      return [...designs.values()]
        .filter(({ id, arm }) => comesBefore(id, experimentId) && (arm === own || !ofOneCampaign(id, experimentId)))
        .sort(bySampling)
        .map(({ arm: _, ...design }) => design);
    },
  };
}

const comesBefore = (id: string, other: string): boolean => bySampling({ id }, { id: other }) < 0;

const ofOneCampaign = (id: string, other: string): boolean => id.split('-')[0] === other.split('-')[0];

/** Ids are `c<campaign>-<ordinal>`. */
function bySampling(a: { readonly id: string }, b: { readonly id: string }): number {
  const [one, other] = [a.id, b.id].map((id) => (id.match(/\d+/g) ?? []).map(Number));
  return (one?.[0] ?? 0) - (other?.[0] ?? 0) || (one?.[1] ?? 0) - (other?.[1] ?? 0);
}
