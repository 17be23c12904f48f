import type { Bus } from '@asi/bus';
import { type CampaignRecord, campaignSettingsSchema, type Envelope, evaluationSeedOf } from '@asi/contracts';
import type { Revisions } from '@asi/store';
import { expect, test } from 'vitest';
import { createCampaignOffice } from './campaign-office.ts';

/** An office over records in memory. Each secret that it draws is another one. */
function officeOf(laboratory: string) {
  const records = new Map<string, CampaignRecord>();
  const campaigns: Revisions<CampaignRecord> = {
    all: async () => [...records.values()],
    get: async (id) => records.get(id) ?? null,
    create: async (record) => records.size < records.set(record._id, record).size,
    replace: async (record) => records.set(record._id, record).size > 0,
    remove: async () => undefined,
  };
  let drawn = 0;
  return createCampaignOffice({
    bus: { publish: async () => undefined } as unknown as Bus,
    clock: { now: () => new Date(0) },
    campaigns,
    runners: async () => ({ slots: 2, trainerVersion: 'v', withoutCuda: null, withoutIsolation: null }),
    drawSecret: () => `${laboratory}-${++drawn}`,
  });
}

type Office = ReturnType<typeof officeOf>;

/** Starts a campaign and ends it, so that the next one may be started. */
async function run(office: Office, id: string, evaluationSeed: string | null): Promise<CampaignRecord> {
  const settings = campaignSettingsSchema.parse({ evaluationSeed });
  const { _id } = await office.start(settings, { id } as Envelope);
  return office.change(_id, { state: 'finished' }, null);
}

test('no program can know the held-out data of a laboratory from the source of the laboratory', async () => {
  const [one, other] = [await run(officeOf('one'), 'm1', null), await run(officeOf('other'), 'm1', null)];
  expect([evaluationSeedOf(one), evaluationSeedOf(other)]).toEqual(['one-1', 'other-1']);
  expect(one.yardstick).not.toBe(other.yardstick);
  expect(one.yardstick).not.toContain('one-1');
});

test('campaigns of one laboratory share their held-out data, so that scores compare and no baseline is trained again', async () => {
  const office = officeOf('one');
  const first = await run(office, 'm1', null);
  const named = await run(office, 'm2', 'mine');
  const third = await run(office, 'm3', null);
  expect([first, named, third].map(evaluationSeedOf)).toEqual(['one-1', 'mine', 'one-1']);
  expect(third.yardstick).toBe(first.yardstick);
  expect(named.yardstick).not.toBe(first.yardstick);
});
