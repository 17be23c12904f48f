import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import {
  type ArmName,
  armNameSchema,
  type CampaignId,
  campaignIdOf,
  candidateIdOf,
  catalogue,
  type DataOf,
  seededRandom,
} from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DesignOrder, followDesignOrder } from './design-order.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
const ending = new AbortController();
const warned: object[] = [];
const never = new AbortController().signal;
const follow = (patienceMilliseconds = 60_000): DesignOrder =>
  followDesignOrder({
    bus,
    log: { warn: (fields: object) => void warned.push(fields) } as never,
    signal: ending.signal,
    patienceMilliseconds,
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-design-order-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
});
afterAll(async () => {
  ending.abort();
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

/** The director says that a candidate has ended without a design. */
async function settle(campaignId: CampaignId, ordinal: number): Promise<void> {
  const experimentId = candidateIdOf(campaignId, ordinal);
  const data: DataOf<'settled'> = {
    campaignId,
    campaignNumber: Number(campaignId.slice(1)),
    experimentId,
    kind: 'candidate',
    ordinal,
    arm: null,
    outcome: 'rejected',
    reason: { code: 'twin', message: 'a twin', evidenceHash: null },
    name: `candidate ${ordinal}`,
    parentId: null,
    components: [],
    yardstick: 'y',
    fitness: null,
  };
  await bus.publish(catalogue.settled, { experimentId, campaignId, data });
}

it('no design is compared before all earlier ones are decided, in whatever order these are', async () => {
  const order = follow();
  const campaignId = campaignIdOf(1);
  const ordinals = [1, 2, 3, 4, 5, 6, 7, 8];
  const settled = new Set<number>();
  const missed: Array<[number, number]> = [];
  const waits = ordinals.map(async (ordinal) => {
    await order.untilEarlierDecided({ campaignId, ordinal, arm: null }, never);
    for (let earlier = 1; earlier < ordinal; earlier++) if (!settled.has(earlier)) missed.push([ordinal, earlier]);
    return ordinal;
  });
  const random = seededRandom('order', 1);
  for (const left = [...ordinals]; left.length > 0; ) {
    const [ordinal = 0] = left.splice(Math.floor(random.next() * left.length), 1);
    settled.add(ordinal);
    await settle(campaignId, ordinal);
  }
  expect(await Promise.all(waits)).toEqual(ordinals);
  expect(missed).toEqual([]);
});

it('who starts later knows what was decided before, and another campaign is not waited for', async () => {
  const order = follow();
  await order.untilEarlierDecided({ campaignId: campaignIdOf(1), ordinal: 9, arm: null }, never);
  await order.untilEarlierDecided({ campaignId: campaignIdOf(2), ordinal: 1, arm: null }, never);
});

it('an earlier design that is stuck is waited for only so long, and the log says so', async () => {
  await follow(50).untilEarlierDecided({ campaignId: campaignIdOf(3), ordinal: 2, arm: null }, never);
  expect(warned).toEqual([{ campaignId: 'c003', ordinal: 2 }]);
});

it('a process that ends waits for nobody', async () => {
  const withdrawal = new AbortController();
  const waiting = follow().untilEarlierDecided(
    { campaignId: campaignIdOf(4), ordinal: 2, arm: null },
    withdrawal.signal,
  );
  withdrawal.abort();
  await waiting;
});

/** The director says which arm a candidate belongs to. */
async function sample(campaignId: CampaignId, ordinal: number, arm: ArmName): Promise<void> {
  const experimentId = candidateIdOf(campaignId, ordinal);
  const data: DataOf<'sampled'> = {
    campaignId,
    experimentId,
    kind: 'candidate',
    ordinal,
    arm,
    name: `candidate ${ordinal}`,
    policy: 'top-k',
    parentId: null,
    referenceIds: [],
    horizon: 0,
    seed: 0,
  };
  await bus.publish(catalogue.sampled, { experimentId, campaignId, data });
}

it('a design of the control arm never waits for one of an arm whose model may be away, and waits for those of its own', async () => {
  const campaignId = campaignIdOf(5);
  const [thinking, control] = ['thinking', 'control'].map((name) => armNameSchema.parse(name)) as [ArmName, ArmName];
  const order = follow(5000);
  warned.length = 0;
  let decided = false;
  const last = order.untilEarlierDecided({ campaignId, ordinal: 4, arm: control }, never).then(() => {
    expect(decided).toBe(true);
  });
  for (const [ordinal, arm] of [thinking, control, thinking, control].entries())
    await sample(campaignId, ordinal + 1, arm);
  await order.untilEarlierDecided({ campaignId, ordinal: 2, arm: control }, never);
  decided = true;
  await settle(campaignId, 2);
  await last;
  expect(warned).toEqual([]);
});
