import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { freePorts } from '../stack/ports.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { trainerPython } from '../stack/toolchain.ts';
import { captureCli } from '../testing/captured-context.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

function program(text: string): string {
  const path = join(temporaryFolder(), 'python');
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** What a command says when it refuses to start anything. */
async function refused(args: readonly string[], settings: Record<string, string>) {
  const home = temporaryFolder();
  const { code, error } = await captureCli(args, { ...inherited, ASI_HOME: home, ...settings });
  const lines = error.trim().split('\n');
  expect(lines).toHaveLength(1);
  const run = join(home, 'run');
  expect(existsSync(run) ? readdirSync(run) : []).toEqual([]);
  expect(existsSync(join(home, 'logs/servers.jsonl'))).toBe(false);
  return { code, line: lines[0] ?? '' };
}

test.each([['up'], ['up', '--detach'], ['run'], ['certify', 'delta-net']])(
  'asi %s %s with a Python that does not exist starts nothing and names ASI_PYTHON',
  async (...args) => {
    const { code, line } = await refused(args.filter(Boolean), { ASI_PYTHON: '/nowhere/python' });
    expect(code).toBe(2);
    expect(line).toContain('ASI_PYTHON=/nowhere/python cannot run the trainer (there is no such program)');
  },
);

test.each([
  // -S leaves out the folder in which packages are installed.
  ['has no torch', () => program(`#!/bin/sh\nexec '${trainerPython()}' -S -E "$@"\n`), 'it has no torch and no numpy'],
  ['is too old', () => program('#!/bin/sh\necho 3.9.1\n'), 'it is version 3.9.1'],
  ['is another program', () => program('#!/bin/sh\necho hello\n'), 'it is no Python'],
])('a Python that %s is refused before the start', async (_, make, why) => {
  const { code, line } = await refused(['up'], { ASI_PYTHON: make() });
  expect(code).toBe(2);
  expect(line).toContain(`(${why})`);
});

test('an installation without Python says how to install it, and needs no usage to be corrected', async () => {
  const settings = { ASI_TOOLCHAIN: temporaryFolder(), ASI_EMBEDDED: process.execPath };
  const { code, line } = await refused(['up'], settings);
  expect(code).toBe(3);
  expect(line).toContain('run npm start once to install it');
});

test('a dashboard port that another program holds is named before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, line } = await refused(['up'], { ASI_DASHBOARD_PORT: String(port) });
  expect(code).toBe(3);
  expect(line).toContain(`ASI_DASHBOARD_PORT=${port}: another program holds that port`);
});

test('servers of one’s own that nobody listens on are named before anything is started', async () => {
  const [nats, mongodb] = await freePorts(2);
  const settings = { NATS_URL: `nats://user:secret@127.0.0.1:${nats}`, MONGODB_URL: `mongodb://127.0.0.1:${mongodb}/` };
  const { code, line } = await refused(['up'], settings);
  expect(code).toBe(3);
  expect(line).toContain(`NATS_URL=nats://***@127.0.0.1:${nats}: no server answers there`);
});

test('a database of one’s own that nobody serves is named as well', async () => {
  const home = temporaryFolder();
  const broker = await startEmbeddedServers({ home });
  onTestFinished(() => broker.kill());
  const [mongodb] = await freePorts(1);
  const settings = { NATS_URL: broker.natsUrl, MONGODB_URL: `mongodb://127.0.0.1:${mongodb}/` };
  const { code, line } = await refused(['up'], settings);
  expect(code).toBe(3);
  expect(line).toContain(`MONGODB_URL=mongodb://127.0.0.1:${mongodb}/: no server answers there`);
});
