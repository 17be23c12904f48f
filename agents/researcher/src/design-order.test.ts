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
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { type DesignOrder, followDesignOrder } from './design-order.ts';
import { designCommand } from './testing/design-command.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;
const ending = new AbortController();
const never = new AbortController().signal;
const follow = (): DesignOrder =>
  followDesignOrder({ bus, log: { warn: () => undefined } as never, signal: ending.signal });

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

let campaigns = 10;

/** The director asks for a design. */
async function ask(campaignId: CampaignId, ordinal: number, attempt: number): Promise<void> {
  const experimentId = candidateIdOf(campaignId, ordinal);
  const { data } = designCommand({ campaignId, experimentId, ordinal, attempt });
  await bus.publish(catalogue.design, { experimentId, campaignId, data });
}

it('no design is compared before all earlier ones are decided, in whatever order these are', async () => {
  const order = follow();
  const campaignId = campaignIdOf(1);
  const settled = new Set<number>();
  const end = async (ordinal: number) => {
    settled.add(ordinal);
    await settle(campaignId, ordinal);
  };
  const missed: Array<[number, number]> = [];
  const waiting = [2, 3, 6, 8];
  const waits = waiting.map(async (ordinal) => {
    await order.untilEarlierDecided({ campaignId, ordinal, arm: null, attempt: 1 }, never);
    for (let earlier = 1; earlier < ordinal; earlier++) if (!settled.has(earlier)) missed.push([ordinal, earlier]);
    await end(ordinal);
    return ordinal;
  });
  const random = seededRandom('order', 1);
  for (const left = [1, 4, 5, 7]; left.length > 0; ) {
    const [ordinal = 0] = left.splice(Math.floor(random.next() * left.length), 1);
    await end(ordinal);
  }
  expect(await Promise.all(waits)).toEqual(waiting);
  expect(missed).toEqual([]);
});

it('who starts later knows what was decided before, and another campaign is not waited for', async () => {
  const order = follow();
  await order.untilEarlierDecided({ campaignId: campaignIdOf(1), ordinal: 9, arm: null, attempt: 1 }, never);
  await order.untilEarlierDecided({ campaignId: campaignIdOf(2), ordinal: 1, arm: null, attempt: 1 }, never);
});

it('an earlier design that takes longer than any clock here is waited for: else its twin by speed alone is another campaign', async () => {
  const order = follow();
  const campaignId = campaignIdOf(3);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let earlier = 'under way';
  const waiting = order
    .untilEarlierDecided({ campaignId, ordinal: 2, arm: null, attempt: 1 }, never)
    .then(() => earlier);
  vi.advanceTimersByTime(24 * 3600_000);
  vi.useRealTimers();
  await ask(campaignId, 1, 2);
  earlier = 'decided';
  await settle(campaignId, 1);
  expect(await waiting).toBe('decided');
});

it.each([
  ['is asked for anew, because its deadline has passed,', (campaignId: CampaignId) => ask(campaignId, 2, 2)],
  ['has ended, as by a person,', (campaignId: CampaignId) => settle(campaignId, 2)],
])('a design that %s gives up its place, which an earlier one may need', async (_, withdraw) => {
  campaigns++;
  const campaignId = campaignIdOf(campaigns);
  const own = { campaignId, ordinal: 2, arm: null, attempt: 1 };
  const gone = expect(follow().untilEarlierDecided(own, never)).rejects.toMatchObject({
    kind: 'cancelled',
    code: 'design-withdrawn',
  });
  await ask(campaignId, 2, 1);
  await withdraw(campaignId);
  await gone;
});

it('a process that ends waits for nobody', async () => {
  const withdrawal = new AbortController();
  const waiting = follow().untilEarlierDecided(
    { campaignId: campaignIdOf(4), ordinal: 2, arm: null, attempt: 1 },
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
  const order = follow();
  let decided = false;
  const last = order.untilEarlierDecided({ campaignId, ordinal: 4, arm: control, attempt: 1 }, never).then(() => {
    expect(decided).toBe(true);
  });
  for (const [ordinal, arm] of [thinking, control, thinking, control].entries())
    await sample(campaignId, ordinal + 1, arm);
  await order.untilEarlierDecided({ campaignId, ordinal: 2, arm: control, attempt: 1 }, never);
  decided = true;
  await settle(campaignId, 2);
  await last;
});
