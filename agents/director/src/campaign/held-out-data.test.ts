import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  campaignRecordSchema,
  campaignSettingsSchema,
  type Envelope,
  evaluationSeedOf,
  heldOutSeedOf,
} from '@asi/contracts';
import type { Revisions } from '@asi/store';
import { expect, test } from 'vitest';
import { createCampaignOffice } from './campaign-office.ts';
import { baselineContext } from './candidate.ts';

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
    bus: { publishOnce: async () => undefined } as unknown as Bus,
    clock: { now: () => new Date(0) },
    campaigns,
    runners: async () => ({
      slots: 2,
      trainers: [{ version: 'v', runner: 'r' }],
      withoutCuda: null,
      withoutIsolation: null,
    }),
    drawSecret: () => `${laboratory}-${++drawn}`,
    crash: () => {},
  });
}

type Office = ReturnType<typeof officeOf>;

/** Starts a campaign and ends it, so that the next one may be started. */
async function run(office: Office, id: string, evaluationSeed: string | null): Promise<CampaignRecord> {
  const settings = campaignSettingsSchema.parse({ evaluationSeed });
  const { _id } = await office.start({ settings, heldOutPer: 'replicate', confirmationRule: 'larger-spread' }, {
    id,
  } as Envelope);
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

test('what a program learns of the data of one seed tells nothing of that of another, and what is paired meets the same', async () => {
  const office = officeOf('one');
  const [first, later] = [await run(office, 'm1', null), await run(office, 'm2', null)];
  const of = (campaign: CampaignRecord, seed: number, confirmation: number | null = null) =>
    heldOutSeedOf(campaign, seed, confirmation);
  const all = [of(first, 0), of(first, 1), of(first, 1, 1), of(first, 1, 2), of(first, 2, 1), evaluationSeedOf(first)];
  expect(new Set(all).size).toBe(all.length);
  // A baseline of the first campaign stands in for one of the later, whose candidates have its seed.
  expect(of(later, 0)).toBe(of(first, 0));
  const told = [first, later].map((campaign) => baselineContext(campaign, 1, 'delta-net', 0, 't').terms.evaluationSeed);
  expect(told).toEqual([of(first, 0), of(first, 0)]);
});

test('a campaign that was begun before goes on, and is run again, with the data that it had', async () => {
  const { heldOutPer: _, ...before } = await run(officeOf('one'), 'm1', null);
  const stored = campaignRecordSchema.parse(before);
  expect([0, 1].map((seed) => heldOutSeedOf(stored, seed, null))).toEqual(['one-1', 'one-1']);
  expect(heldOutSeedOf(stored, 101, 1)).toBe('one-1');
});
