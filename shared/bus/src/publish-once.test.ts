import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue, derivedMessageId, type ExperimentId } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { connect, nanos } from 'nats';
import { expect, it, onTestFinished } from 'vitest';
import { connectBus } from './bus.ts';
import { journalStream } from './streams.ts';

it('a message is in the journal once, also when the broker has forgotten its id by the time it is said again', async () => {
  const home = mkdtempSync(join(tmpdir(), 'asi-publish-once-'));
  const servers = await startEmbeddedServers({ home });
  const bus = await connectBus({ url: servers.natsUrl, source: 'tester/1' });
  const raw = await connect({ servers: servers.natsUrl });
  onTestFinished(async () => {
    await raw.close();
    await bus.close();
    await servers.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const manager = await raw.jetstreamManager();
  await manager.streams.update(journalStream, { duplicate_window: nanos(100) });
  const say = async (experimentId: ExperimentId, how: 'publish' | 'publishOnce') => {
    const id = derivedMessageId(experimentId, 'cancel');
    await bus[how](catalogue.cancelExperiment, { experimentId, id, data: { experimentId } });
    // So long is the memory that the broker was given above: nothing is measured by it.
    await sleep(500);
  };
  const said = async (experimentId: ExperimentId) => {
    let count = 0;
    for await (const _ of bus.journal({ experimentId })) count++;
    return count;
  };
  const [once, always] = ['c001-0001', 'c001-0002'] as ExperimentId[] as [ExperimentId, ExperimentId];
  for (let times = 0; times < 3; times++) {
    await say(once, 'publishOnce');
    await say(always, 'publish');
  }
  expect([await said(once), await said(always)]).toEqual([1, 3]);
}, 60_000);
