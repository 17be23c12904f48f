import { catalogue, filterFor } from '@asi/contracts';
import type { Reading } from '@asi/reading';

const { kind, owner, name } = catalogue.campaignStarted;

/** Whether the broker still has the messages of a campaign: its folder may have been removed while nothing ran. */
export async function hasMessages({ bus }: Pick<Reading, 'bus'>, campaignId: string): Promise<boolean> {
  for await (const { envelope } of bus.journal({ filters: [filterFor(kind, owner, name)] }))
    if (catalogue.campaignStarted.data.safeParse(envelope?.data).data?.campaignId === campaignId) return true;
  return false;
}
