import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, isPortFree } from './ports.ts';

test('a port that is taken is passed over', async () => {
  const [taken = 0] = await freePorts(1, () => 0.5);
  const server = createServer().listen(taken, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(await isPortFree(taken)).toBe(false);
  expect(await freePorts(3, () => 0.5)).not.toContain(taken);
});

test('ports lie below those that the system gives to clients, and no two are the same', async () => {
  const ports = await freePorts(20, () => 0.9999);
  expect(new Set(ports).size).toBe(20);
  expect(ports.every((port) => port >= 20_000 && port < 32_000)).toBe(true);
});
