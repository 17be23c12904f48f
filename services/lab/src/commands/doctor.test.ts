import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRunner } from '@asi/runner-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedRunner, startRunner } from '../../../../gpu-runner/src/testing/start-runner.ts';
import { type EmbeddedServers, startEmbeddedServers } from '../stack/embedded-servers.ts';
import { captureCli } from '../testing/captured-context.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-doctor-'));
let servers: EmbeddedServers;
let runner: StartedRunner;

beforeAll(async () => {
  [servers, runner] = await Promise.all([
    startEmbeddedServers({ home: join(home, 'data') }),
    startRunner({ trainer: 'real' }),
  ]);
});
afterAll(async () => {
  await runner?.stop();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

test('beside a stack that something else runs, no Python, process or log of this machine is asked for', async () => {
  const { out } = await captureCli(['doctor'], {
    PATH: process.env.PATH ?? '',
    ASI_HOME: join(home, 'state'),
    ASI_PYTHON: '/nowhere/python',
    ASI_STACK: 'external',
    NATS_URL: servers.natsUrl,
    MONGODB_URL: servers.mongodbUrl,
    ASI_RUNNER_URL: runner.url,
  });
  const client = connectRunner(runner.url);
  const { versions } = await client.capabilities();
  client.close();
  expect(out).toContain(`${versions.python} with PyTorch ${versions.torch}, of the runner ${runner.url}`);
  expect(out).toMatch(/^missing stack .*run elsewhere.*none; .*director and engineer.*docker compose logs/m);
  expect(out).not.toMatch(/nowhere|\.asi\/logs/);
});

test('the isolation is shown with its proofs: which attacks the sandbox alone stopped, and which prove nothing', async () => {
  const env = {
    PATH: process.env.PATH ?? '',
    ASI_HOME: join(home, 'state'),
    ASI_STACK: 'external',
    NATS_URL: servers.natsUrl,
    MONGODB_URL: servers.mongodbUrl,
    ASI_RUNNER_URL: runner.url,
  };
  const client = connectRunner(runner.url);
  const { isolation } = await client.capabilities();
  client.close();
  const { findings } = JSON.parse((await captureCli(['doctor', '--json'], env)).out) as {
    findings: { what: string }[];
  };
  expect(findings.find(({ what }) => what === 'isolation')).toMatchObject({ isolation });
  const { out } = await captureCli(['doctor'], env);
  for (const { name } of isolation.probes) expect(out).toContain(name);
  if (isolation.probes.length > 0) expect(out).toContain(isolation.hash);
});
