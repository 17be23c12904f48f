import type { Bus } from '@asi/bus';
import { catalogue, type DataOf, filterFor } from '@asi/contracts';

export type EarlierDesign = { readonly id: string; readonly name: string; readonly motivation: string };

/** Ideas of all designs there ever were, by the journal. */
export type EarlierDesigns = {
  /** Those sampled before an experiment, in the order of sampling: earlier campaigns too, later ordinals never. */
  before(experimentId: string): Promise<EarlierDesign[]>;
};

/** Reads the journal once, and from then on only what is new in it. */
export function followDesigns(bus: Bus): EarlierDesigns {
  const designs = new Map<string, EarlierDesign>();
  const { kind, owner, name } = catalogue.designed;
  let next = 1;
  return {
    before: async (experimentId) => {
      for await (const { sequence, envelope } of bus.journal({
        filters: [filterFor(kind, owner, name)],
        fromSequence: next,
      })) {
        next = Math.max(next, sequence + 1);
        if (!envelope) continue;
        const { experimentId: id, design } = envelope.data as DataOf<'designed'>;
        designs.set(id, { id, name: design.name, motivation: design.motivation });
      }
      return [...designs.values()].filter(({ id }) => comesBefore(id, experimentId)).sort(bySampling);
    },
  };
}

const comesBefore = (id: string, other: string): boolean => bySampling({ id }, { id: other }) < 0;

/** Ids are `c<campaign>-<ordinal>`. */
function bySampling(a: { readonly id: string }, b: { readonly id: string }): number {
  const [one, other] = [a.id, b.id].map((id) => (id.match(/\d+/g) ?? []).map(Number));
  return (one?.[0] ?? 0) - (other?.[0] ?? 0) || (one?.[1] ?? 0) - (other?.[1] ?? 0);
}
