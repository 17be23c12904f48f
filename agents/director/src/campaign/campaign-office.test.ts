import type { Bus, Definition, Occurrence } from '@asi/bus';
import { type CampaignRecord, campaignSettingsSchema, catalogue, type Envelope } from '@asi/contracts';
import type { Revisions } from '@asi/store';
import { expect, test } from 'vitest';
import { createCampaignOffice } from './campaign-office.ts';

function officeInMemory() {
  const records = new Map<string, CampaignRecord>();
  const campaigns = {
    all: async () => [...records.values()],
    get: async (id: string) => records.get(id) ?? null,
    create: async (record: CampaignRecord) => records.size < records.set(record._id, record).size,
    replace: async (record: CampaignRecord) => records.set(record._id, record).size > 0,
    remove: async () => undefined,
  } satisfies Revisions<CampaignRecord>;
  const said: Array<{ type: string; cause: string | undefined; data: unknown }> = [];
  const publish = async ({ type }: Definition, { cause, data }: Occurrence<unknown>) =>
    void said.push({ type, cause: cause?.id, data });
  const office = createCampaignOffice({
    bus: { publish } as unknown as Bus,
    clock: { now: () => new Date(0) },
    campaigns,
    runners: async () => ({ slots: 2, trainerVersion: 'v', withoutCuda: null, withoutIsolation: null }),
    drawSecret: () => 'drawn',
  });
  return { office, said, records };
}

test('of two who start at the same moment the second is told which campaign is open; no dead letter stands for ever', async () => {
  const { office, said, records } = officeInMemory();
  const settings = campaignSettingsSchema.parse({});
  const asked = { settings, heldOutPer: 'replicate', confirmationRule: 'larger-spread' } as const;
  const first = await office.start(asked, { id: 'one' } as Envelope);
  expect(await office.start(asked, { id: 'two' } as Envelope)).toEqual(first);
  expect([...records.keys()]).toEqual(['c001']);
  expect(said).toMatchObject([
    { type: catalogue.campaignStarted.type, cause: 'one' },
    { type: catalogue.campaignChanged.type, cause: 'two', data: { campaignId: 'c001', state: 'running' } },
  ]);
});
