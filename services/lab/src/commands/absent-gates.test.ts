import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import type { Gate } from '@asi/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedServers, startEmbeddedServers } from '../stack/embedded-servers.ts';
import { absentGates } from './absent-gates.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-absent-gates-'));
let servers: EmbeddedServers;
let bus: Bus;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'lab/test' });
});
afterAll(async () => {
  await bus?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

test('whoever names a gate that nobody plays is told so before the silence of it decides anything', async () => {
  const gate = (role: string): Gate => ({ role, stage: 'designed', deadlineSeconds: 7, onSilence: 'veto' });
  const announcement = await bus.announce(() => ({
    role: 'critic',
    instance: 'one',
    version: '0.1.0',
    state: 'ready',
    tasks: [],
    handled: 0,
    failed: 0,
    deadLetters: 0,
    startedAt: new Date().toISOString(),
    memoryBytes: 0,
    details: {},
  }));
  const said = await absentGates(bus, [gate('critic'), gate('critik')], new AbortController().signal);
  await announcement.stop();
  expect(said).toEqual([expect.stringMatching(/role critik answers: .*before each training.* 7 s .* a veto/)]);
});
