// Proves compose.yaml by running it: builds the images, brings the stack up, runs a small campaign to its end while
// containers are killed, checks the documents, and starts the stack again on its volumes. Leaves nothing behind.
//   node test/compose/run.ts [--work FOLDER] [--required]
// --work keeps downloads and images in a folder for the next run; --required makes a machine without Docker a failure.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '@asi/contracts';
import { provideBaseImages } from './base-images.ts';
import { crash, runCampaign, untilTraining } from './campaign.ts';
import { checkCampaign, checkDashboard, checkProcesses, checkRunnerIsAlone, proofKey, readBoard } from './checks.ts';
import { interruptCommands, say, tryRun } from './command.ts';
import { type Compose, prepareCompose } from './compose.ts';
import { type Engine, findEngine } from './engine.ts';

const wanted = { candidates: 4, baselines: { 'delta-net': 2, 'linear-attention': 1 } };
const project = 'asi-compose-test';
const tag = 'compose-test';

const { values } = parseArgs({ options: { work: { type: 'string' }, required: { type: 'boolean', default: false } } });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interruptCommands);
process.exitCode = await main(values.work === undefined ? null : resolve(values.work), values.required);

async function main(given: string | null, required: boolean): Promise<number> {
  const work = given ?? mkdtempSync(join(tmpdir(), 'asi-compose-'));
  mkdirSync(work, { recursive: true });
  let engine: Engine | null = null;
  try {
    const found = await findEngine(work);
    if (typeof found === 'string') return skip(found, required);
    engine = found;
    const port = await freePort();
    const compose = await prepareCompose(engine, work, project, {
      ASI_DASHBOARD_PORT: String(port),
      ASI_VERSION: tag,
      ASI_RUNNER_SLOTS: '2',
      OPENAI_API_KEY: proofKey,
    });
    const problem = await provideBaseImages(engine, work, await imagesOf(compose));
    if (problem) return skip(problem, required);
    try {
      await prove(engine, compose, port);
    } catch (error) {
      say((await compose.try(['ps', '--all'])).output);
      say((await compose.try(['logs', '--no-color', '--tail', '15'])).output.slice(-20_000));
      throw error;
    } finally {
      interruptCommands();
      await compose.try(['--profile', 'command', 'down', '--volumes', '--remove-orphans', '--timeout', '20']);
      const built = [`asi-arch/services:${tag}`, `asi-arch/runner:${tag}`];
      if (given === null) await tryRun(['docker', 'image', 'rm', ...built], { env: engine.env });
    }
    say('compose.yaml holds: the campaign finished, through crashes and a restart');
    return 0;
  } catch (error) {
    say(`failed: ${messageOf(error)}`);
    return 1;
  } finally {
    await engine?.stop();
    if (given === null) rmSync(work, { recursive: true, force: true });
  }
}

async function prove(engine: Engine, compose: Compose, port: number): Promise<void> {
  say('building the images');
  await compose.run(['build', 'archive', 'runner'], { limitSeconds: 2400 });
  say('bringing the stack up');
  await compose.run(['up', '--detach', '--wait', '--wait-timeout', '240']);
  const { tier, recipe } = await checkProcesses(compose);
  say(`every process is healthy; isolation in the runner's container: tier ${tier} (${recipe})`);
  await checkRunnerIsAlone(compose);

  say('running a campaign');
  const { progress, report } = await runCampaign(compose, async () => {
    for (const service of ['director', 'runner', 'researcher']) {
      await untilTraining(port);
      await crash(engine, compose, service);
    }
  });
  const board = await readBoard(compose);
  checkCampaign(progress, board, wanted);
  await checkProcesses(compose);
  await checkDashboard(compose, port, board);
  assert.match(await compose.run(['run', '--rm', '-T', '--entrypoint', 'cat', 'asi', report]), /^<!doctype html/i);
  say(await compose.asi('leaderboard'));

  say('starting again on the same volumes');
  await compose.run(['down', '--timeout', '20']);
  await compose.run(['up', '--detach', '--wait', '--wait-timeout', '240']);
  assert.deepEqual(await readBoard(compose), board);
  const refused = await compose.try(['run', '--rm', '-T', 'asi', 'up']);
  assert.match(refused.errors + refused.output, /docker compose up/);
}

/** The images that compose.yaml and the Dockerfile do not build themselves. */
async function imagesOf(compose: Compose): Promise<{ node: string; go: string; nats: string; mongo: string }> {
  const { services } = JSON.parse(await compose.run(['config', '--format', 'json']));
  return {
    node: 'node:24-bookworm-slim',
    go: 'golang:1.26-bookworm',
    nats: services.nats.image,
    mongo: services.mongo.image,
  };
}

function skip(why: string, required: boolean): number {
  say(`${required ? 'failed' : 'skipped'}: ${why}`);
  return required ? 1 : 0;
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
