/**
 * Tells a request that an endpoint does not take for what is in it from one that it does not take for its settings: those
 * it would refuse with every other question as well. Once per process.
 *
 * R1: when two different questions in a row are rejected that were asked in one manner, all of that manner are; that is
 *     said once, for then a person mends it and the row begins anew.
 * R2: what was served in that manner begins the row anew.
 * R3: an address that has served is no wrong one, whatever it says later.
 */
export type Rejections = {
  /** Whether all that is asked in this manner is rejected. */
  readonly rejected: (manner: string, question: string) => boolean;
  /** A manner of null: nothing else is asked in it. */
  readonly served: (manner: string | null, address: string) => void;
  readonly hasServed: (address: string) => boolean;
};

export function createRejections(): Rejections {
  const lastOf = new Map<string, string>();
  const addresses = new Set<string>();
  return {
    served: (manner, address) => {
      addresses.add(address);
      if (manner !== null) lastOf.delete(manner);
    },
    hasServed: (address) => addresses.has(address),
    rejected: (manner, question) => {
      const last = lastOf.get(manner);
      if (last === undefined || last === question) lastOf.set(manner, question);
      else lastOf.delete(manner);
      return last !== undefined && last !== question;
    },
  };
}
