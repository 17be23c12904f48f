import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { type CampaignId, catalogue, type Envelope, type ExperimentId } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOverAlready } from './over-already.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-over-'));
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let bus: Bus;
beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
});
afterAll(async () => {
  await bus?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

const clock = { now: () => new Date() };
const longAgo = new Date(Date.now() - 60_000).toISOString();
const command = (subject: string, time: string) => ({ subject, time }) as Envelope;
const settle = (experimentId: ExperimentId) =>
  bus.publish(catalogue.settled, {
    experimentId,
    data: {
      campaignId: 'c001' as CampaignId,
      campaignNumber: 1,
      experimentId,
      kind: 'candidate',
      ordinal: 1,
      outcome: 'cancelled',
      reason: null,
      name: 'n',
      parentId: null,
      components: [],
      yardstick: 'y',
      fitness: null,
    },
  });

it('drops a command that waited while its experiment was cancelled, so that wanted work does not wait behind it', async () => {
  await settle('c001-0001' as ExperimentId);
  expect(await isOverAlready(bus, command('c001-0001', longAgo), 0, clock)).toBe(true);
  expect(await isOverAlready(bus, command('c001-0001', new Date().toISOString()), 1, clock)).toBe(true);
});

it('never drops a command of an experiment that goes on, however long it waited', async () => {
  expect(await isOverAlready(bus, command('c001-0002', longAgo), 3, clock)).toBe(false);
  expect(await isOverAlready(bus, command('none', longAgo), 3, clock)).toBe(false);
});
