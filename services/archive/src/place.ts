/** Where an experiment stands in the order of sampling over all campaigns; baselines have ordinals below 1. */
export type Place = { readonly campaignNumber: number; readonly ordinal: number };

/** Negative when the first was sampled before the second. */
export const comparePlaces = (a: Place, b: Place): number =>
  a.campaignNumber - b.campaignNumber || a.ordinal - b.ordinal;

/** The first index whose item is greater than the sought one, by `compare`; the items are in that order. */
export function upperBound<T>(items: readonly T[], isGreater: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isGreater(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
