import { type ArmName, type CampaignRecord, seededRandom } from '@asi/contracts';

/**
 * The arm that a candidate belongs to; null where the campaign has none.
 *
 * S1: it follows from settings, campaign number and ordinal alone, whatever happened to any candidate: an arm whose
 *     designs fail is not given more of them.
 * S2: in every block of as many candidates as the shares add up to, each arm has exactly its share, in an order drawn
 *     anew for each block (a randomised block design): no arm is always the first to see a busy machine.
 */
export function armAt(
  { settings, number }: Pick<CampaignRecord, 'settings' | 'number'>,
  ordinal: number,
): ArmName | null {
  const block = settings.arms.flatMap(({ name, share }) => Array.from({ length: share }, () => name));
  if (block.length === 0) return null;
  const place = ordinal - 1;
  const random = seededRandom(settings.seed, number, Math.floor(place / block.length), 'arms');
  for (let last = block.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [block[last], block[other]] = [block[other] as ArmName, block[last] as ArmName];
  }
  return block[place % block.length] ?? null;
}
