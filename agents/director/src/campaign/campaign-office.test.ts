import type { Bus, Definition, Occurrence } from '@asi/bus';
import { type CampaignRecord, campaignSettingsSchema, catalogue, type Envelope } from '@asi/contracts';
import type { Revisions } from '@asi/store';
import { expect, test } from 'vitest';
import { createCampaignOffice } from './campaign-office.ts';

type Crash = (point: string, what: string) => void;

function officeInMemory(crash: Crash = () => {}, records = new Map<string, CampaignRecord>()) {
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
    bus: { publishOnce: publish } as unknown as Bus,
    clock: { now: () => new Date(0) },
    campaigns,
    runners: async () => ({
      slots: 2,
      trainers: [{ version: 'v', runner: 'r' }],
      withoutCuda: null,
      withoutIsolation: null,
    }),
    drawSecret: () => 'drawn',
    crash,
  });
  return { office, said, records };
}

test('of two who start at the same moment the second is told which campaign is open; no dead letter stands for ever', async () => {
  const { office, said, records } = officeInMemory();
  const first = await office.start(asked, { id: 'one' } as Envelope);
  expect(await office.start(asked, { id: 'two' } as Envelope)).toEqual(first);
  expect([...records.keys()]).toEqual(['c001']);
  expect(said).toMatchObject([
    { type: catalogue.campaignStarted.type, cause: 'one' },
    { type: catalogue.campaignChanged.type, cause: 'two', data: { campaignId: 'c001', state: 'running' } },
  ]);
});

const asked = {
  settings: campaignSettingsSchema.parse({}),
  heldOutPer: 'replicate',
  confirmationRule: 'larger-spread',
} as const;
const cause = { id: 'one' } as Envelope;

/** Dies once, where it is told to. */
const dyingAt = (place: string): Crash => {
  let isDead = false;
  return (point, what) => {
    if (isDead || `${point}:${what}` !== place) return;
    isDead = true;
    throw new Error('killed');
  };
};

test.each(['afterCommit:CAMPAIGN_STARTED', 'afterPublish:CAMPAIGN_STARTED'])(
  'a campaign whose director dies at %s is in the journal: the message that started it is delivered again',
  async (place) => {
    const { office, said, records } = officeInMemory(dyingAt(place));
    await expect(office.start(asked, cause)).rejects.toThrow('killed');
    await office.load();
    expect(await office.start(asked, cause)).toMatchObject({ _id: 'c001', untold: null });
    expect(new Set(said.map(({ type, cause: by }) => `${type} ${by}`))).toEqual(
      new Set([`${catalogue.campaignStarted.type} one`]),
    );
    expect([...records.values()]).toMatchObject([{ state: 'running', untold: null }]);
  },
);

test.each(['afterCommit:CAMPAIGN_CHANGED', 'afterPublish:CAMPAIGN_CHANGED'])(
  'the end of a campaign whose director dies at %s is in the journal: a successor says what was stored and not said',
  async (place) => {
    const first = officeInMemory(dyingAt(place));
    await first.office.start(asked, cause);
    await expect(first.office.change('c001', { state: 'finished', note: 'done' }, null)).rejects.toThrow('killed');
    const { office, said, records } = officeInMemory(() => {}, first.records);
    await office.load();
    for (let ticks = 0; ticks < 3; ticks++) await office.tellUntold();
    const news = [...first.said, ...said].filter(({ type }) => type === catalogue.campaignChanged.type);
    expect(news.map(({ data }) => data)).toContainEqual({ campaignId: 'c001', state: 'finished', note: 'done' });
    expect(said).toHaveLength(1);
    expect(records.get('c001')).toMatchObject({ state: 'finished', untold: null });
  },
);

test('a campaign that was stored although the answer of the database was lost is the one that goes on, and is no other one of the same moment', async () => {
  const { office, records } = officeInMemory();
  const stored = await office.start(asked, cause);
  const late = officeInMemory(() => {}, records);
  await expect(late.office.start(asked, cause)).rejects.toMatchObject({ code: 'contended', kind: 'retryable' });
  expect(await late.office.start(asked, cause)).toEqual(stored);
  expect(late.office.current()).toEqual(stored);
});
