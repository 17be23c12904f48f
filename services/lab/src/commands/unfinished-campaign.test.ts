import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { experimentViewSchema } from '@asi/reading';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { makeHouse } from '../stack/testing/small-house.ts';
import { spawnStack } from '../stack/testing/spawn-stack.ts';
import { repositoryRoot } from '../stack/toolchain.ts';
import { captureCli } from '../testing/captured-context.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-unfinished-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
const asi = (...args: string[]) => captureCli(args, env);
const earlier = sampleCampaign({ number: 1, candidates: 2, wanted: 2, state: 'finished' });
const unfinished = sampleCampaign({ number: 2, candidates: 2, wanted: 6, state: 'running' });
const malformed = 'asi.evt.director.settled.c002-0001';

/** What any program on the machine can do to the journal. */
async function publishRaw(natsUrl: string, subject: string, text: string): Promise<void> {
  const { hostname, port } = new URL(natsUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'data');
  socket.write(`CONNECT {"verbose":false}\r\nPUB ${subject} ${text.length}\r\n${text}\r\nPING\r\n`);
  await once(socket, 'data');
  socket.destroy();
}

beforeAll(async () => {
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'sample/1' });
  for (const sample of [earlier, unfinished]) await insertSampleCampaign(database, sample);
  await publishRaw(servers.natsUrl, malformed, 'no message of ours');
  await bus.close();
  await database.close();
  await servers.stop();
});
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

test('a stopped stack runs no campaign: status says that it is unfinished, and how to go on', async () => {
  const { code, out } = await asi('status');
  expect(code).toBe(0);
  expect(out).toContain('campaign c002 "sample" is unfinished; asi run continues it');
  expect(out).not.toContain('is running');
});

test('an experiment that is under way shows its design and its program as soon as it has them', async () => {
  const shown = await asi('show', 'c002-0003');
  expect(shown.out).toContain('unfinished, stopped in training.running');
  expect(shown.out).toContain('components: ');
  const view = experimentViewSchema.parse(JSON.parse((await asi('show', 'c002-0003', '--json')).out));
  expect(shown.out).toContain(view.design?.motivation);
  const { out: program } = await asi('show', 'c002-0003', '--code');
  expect(unfinished.artifacts.map(({ body }) => body)).toContain(program);
  expect(createHash('sha256').update(program).digest('hex')).toBe(view.design?.programHash);
});

test('a stopped stack has no live stages: what is under way stands still, until a director answers', async () => {
  expect((await asi('tree')).out).toContain('unfinished, stopped in training.queued');
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const there = { ...env, NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl };
  const pages = async () => [
    (await captureCli(['tree'], there)).out,
    (await captureCli(['show', 'c002-0003'], there)).out,
  ];
  for (const page of await pages()) expect(page).toContain('unfinished, stopped in training.');
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/1' });
  const at = new Date().toISOString();
  const director = await bus.announce(() => ({
    ...{
      role: 'director',
      instance: '1',
      version: '0.1.0',
      state: 'ready.idle',
      tasks: [],
      startedAt: at,
      details: {},
    },
    ...{ handled: 0, failed: 0, deadLetters: 0, memoryBytes: 1 },
  }));
  for (const page of await pages()) {
    expect(page).toContain('training.');
    expect(page).not.toContain('stopped');
  }
  await director.stop();
  await bus.close();
  await servers.stop();
});

test('watch on a stopped stack says where the campaign stands', async () => {
  expect(await asi('watch')).toMatchObject({
    code: 0,
    error: 'asi: the stack is stopped; campaign c002 is unfinished with 2 of 6 candidates: asi run continues it\n',
  });
});

test('other settings than those of the unfinished campaign are found before any process is started, in few words', async () => {
  const file = join(home, 'other.yaml');
  writeFileSync(file, 'seed: 7\nbaselines: [{ name: delta-net, seeds: [0, 1] }]\nbudget: { candidates: 3 }\n');
  const { code, out, error } = await asi('run', '--campaign', file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  for (const part of ['campaign c002 is unfinished', 'seed is 1, not 7', 'baselines differs', '--new'])
    expect(error).toContain(part);
  expect(error.length).toBeLessThan(400);
  expect(existsSync(join(home, 'logs/director.jsonl'))).toBe(false);
});

test('a record that does not parse is listed with the time and subject that the broker has', async () => {
  const { out } = await asi('journal');
  const line = out.split('\n').find((one) => one.includes(malformed));
  expect(line).toMatch(/^ *\d+ \d\d:\d\d:\d\d /);
  expect(line).toContain(`${malformed} does not parse`);
});

test('a role that nobody plays is a wrong usage that lists the roles', async () => {
  const { code, out, error } = await asi('journal', '--role', 'foo');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/there is no such role; known are .*director, engineer, judge/);
  expect(await asi('journal', '--role', 'judge')).toMatchObject({ code: 0, error: '' });
});

test('watch shows no other campaign, and when the stack is killed under it ends at once with one line', async () => {
  const lab = await spawnStack(makeHouse([{ path: 'agents/judge', program: 'obedient' }]), home);
  const watch = spawn(process.execPath, [join(repositoryRoot, 'services/lab/src/main.ts'), 'watch', '--json'], { env });
  onTestFinished(() => void watch.kill('SIGKILL'));
  const ended = once(watch, 'close');
  let [out, error] = ['', ''];
  watch.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  watch.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  const bus = await connectBus({ url: readStack(stateFolder(env))?.natsUrl ?? '', source: 'sample/1' });
  // What was said before it began to watch is not shown: said again until it is seen.
  while (!out.includes('c002')) {
    await publishSampleJournal(bus, earlier);
    await publishSampleJournal(bus, unfinished);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await bus.close();
  const begun = performance.now();
  lab.kill('SIGKILL');
  const [code] = await ended;
  expect(performance.now() - begun).toBeLessThan(60_000);
  expect(code).toBe(3);
  expect(error).toBe(
    'asi: the stack has ended while campaign c002 was under way; nothing is lost: asi run continues it\n',
  );
  const shown = out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { campaignId: string }).campaignId);
  expect(new Set(shown)).toEqual(new Set(['c002']));
});
