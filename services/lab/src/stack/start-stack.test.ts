import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { expect, onTestFinished, test } from 'vitest';
import { identify, isAlive, type ProcessIdentity, waitUntilGone } from './process-identity.ts';
import { readStack } from './stack-file.ts';
import { startStack } from './start-stack.ts';
import { stateFolder } from './state-folder.ts';
import { stopStack } from './stop-stack.ts';
import { makeHouse } from './testing/small-house.ts';
import { spawnStack } from './testing/spawn-stack.ts';
import { temporaryFolder } from './testing/temporary-home.ts';
import { waitUntil } from './testing/wait-until.ts';
import { withServers } from './with-servers.ts';

const fast = { firstMilliseconds: 20, longestMilliseconds: 200, healthyAfterMilliseconds: 60_000 };

async function start(root: string, home = temporaryFolder()) {
  const stack = await startStack({ root, env: { ...process.env, ASI_HOME: home }, backOff: fast });
  onTestFinished(() => stack.stop());
  const find = (name: string) => {
    const state = stack.states().find((each) => each.name === name);
    if (!state) throw new Error(`there is no process ${name}`);
    return state;
  };
  return { stack, home, find };
}

const logged = (home: string, name: string) =>
  readFileSync(join(home, 'logs', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('every folder that declares a process is started, and only those that need the database are told where it is', async () => {
  const root = makeHouse([
    { path: 'agents/judge', program: 'obedient' },
    { path: 'agents/_template', program: 'broken' },
    { path: 'services/archive', program: 'obedient', declaration: { needs: ['mongodb'] } },
    { path: 'services/observatory', program: 'listening', declaration: { addressFile: 'ASI_DASHBOARD_ADDRESS_FILE' } },
  ]);
  const { stack, home, find } = await start(root);
  await stack.ready();
  expect(stack.states().map(({ name }) => name)).toEqual(['servers', 'judge', 'archive', 'observatory']);
  expect(find('observatory').url).toBe('http://127.0.0.1:7070');
  const environmentOf = (name: string) => logged(home, name)[0]?.env as Record<string, string>;
  expect(environmentOf('judge')).toMatchObject({ NATS_URL: stack.natsUrl, ASI_HOME: home, ASI_SUPERVISED: '1' });
  expect(environmentOf('judge')).not.toHaveProperty('MONGODB_URL');
  expect(environmentOf('archive')).toMatchObject({ MONGODB_URL: stack.mongodbUrl });
});

test('kill -9 of a process or of the servers: it comes back, the servers on the same ports', async () => {
  const { stack, home, find } = await start(makeHouse([{ path: 'agents/judge', program: 'obedient' }]));
  await stack.ready();
  for (const name of ['servers', 'judge']) {
    const before = find(name).pid ?? 0;
    process.kill(before, 'SIGKILL');
    await waitUntil(`${name} is started again`, () => find(name).restarts === 1 && find(name).state === 'running');
    expect(find(name)).toMatchObject({ lastExit: { signal: 'SIGKILL', code: null } });
    expect(find(name).pid).not.toBe(before);
  }
  const bus = await connectBus({ url: stack.natsUrl, source: 'lab/test' });
  onTestFinished(() => bus.close());
  expect(await bus.lastSequence()).toBe(0);
  expect(readStack(stateFolder({ ASI_HOME: home }))?.natsUrl).toBe(stack.natsUrl);
});

test('a process that cannot start waits longer each time and says why', async () => {
  const { find, home } = await start(makeHouse([{ path: 'agents/judge', program: 'broken' }]));
  const state = await waitUntil('three restarts', () => find('judge').restarts >= 3 && find('judge'));
  expect(state.lastError).toEqual({ code: null, message: 'TypeError: the machine has no state' });
  expect(state.lastExit).toMatchObject({ code: 1 });
  expect(logged(home, 'judge')).toContainEqual(
    expect.objectContaining({ stream: 'stderr', msg: state.lastError?.message }),
  );
});

test('stop ends a process that ignores SIGTERM, together with its children, in bounded time', async () => {
  const root = makeHouse([
    { path: 'agents/judge', program: 'stubborn' },
    { path: 'agents/analyst', program: 'obedient' },
  ]);
  const { stack, home, find } = await start(root);
  await stack.ready();
  const child = identify(Number(logged(home, 'judge').find(({ msg }) => msg === 'child')?.child)) as ProcessIdentity;
  const begun = performance.now();
  await stack.stop();
  expect(performance.now() - begun).toBeLessThan(60_000);
  expect(find('judge').lastExit?.signal).toBe('SIGKILL');
  expect(find('analyst').lastExit).toMatchObject({ code: 0 });
  expect(isAlive(child)).toBe(false);
  expect(readdirSync(join(home, 'run'))).toEqual([]);
});

test('a second stack on the same folder is refused with the first one’s process id', async () => {
  const root = makeHouse([{ path: 'agents/judge', program: 'obedient' }]);
  const { stack, home } = await start(root);
  await expect(startStack({ root, env: { ASI_HOME: home } })).rejects.toMatchObject({
    code: 'stack-running',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await stack.stop();
  await start(root, home);
});

test('when the supervisor is killed all of its processes are gone in bounded time, and the next stack starts', async () => {
  const root = makeHouse([
    { path: 'agents/judge', program: 'stubborn' },
    { path: 'agents/analyst', program: 'obedient' },
  ]);
  const home = temporaryFolder();
  const lab = await spawnStack(root, home);
  const folder = stateFolder({ ASI_HOME: home });
  const processes = readStack(folder)?.processes ?? [];
  expect(processes.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
  lab.kill('SIGKILL');
  for (const { name, pid, startTime } of processes) {
    const gone = pid !== null && startTime !== null && (await waitUntilGone({ pid, startTime }, 60_000));
    expect(gone, name).toBe(true);
  }
  expect(readStack(folder)).toBeNull();
  const { stack } = await start(makeHouse([{ path: 'agents/judge', program: 'obedient' }]), home);
  await stack.ready();
});

test('asi down ends the stack of another process in order; without a stack it says so', async () => {
  const home = temporaryFolder();
  const lab = await spawnStack(makeHouse([{ path: 'agents/judge', program: 'obedient' }]), home);
  const folder = stateFolder({ ASI_HOME: home });
  const ended = once(lab, 'exit');
  expect(await stopStack(folder)).toBe('stopped');
  expect(await ended).toEqual([0, null]);
  expect(await stopStack(folder)).toBe('not-running');
});

test('a stack that is stopped while it starts leaves nothing behind', async () => {
  const home = temporaryFolder();
  const root = makeHouse([{ path: 'agents/judge', program: 'obedient' }]);
  const stopping = new AbortController();
  const starting = startStack({
    root,
    env: { ...process.env, ASI_HOME: home },
    signal: stopping.signal,
    onChange: () => stopping.abort(),
  });
  await expect(starting).rejects.toMatchObject({ kind: 'cancelled', code: 'stack-stopped' });
  expect(readdirSync(join(home, 'run'))).toEqual([]);
});

test('a state folder that disappears under a stack is told as that, and the stack still stops in order', async () => {
  const { stack, home, find } = await start(makeHouse([{ path: 'agents/judge', program: 'obedient' }]));
  await stack.ready();
  rmSync(home, { recursive: true });
  // A change of state would be written to the folder that is not there.
  process.kill(find('judge').pid ?? 0, 'SIGKILL');
  await waitUntil('the loss is noticed', () => stack.gone.aborted);
  expect(stack.gone.reason).toMatchObject({ code: 'state-folder-gone', message: expect.stringContaining(home) });
  await stack.stop();
  expect(stack.states().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
});

test('a reading uses the running stack, and starts the servers for itself when there is none', async () => {
  const { stack, home } = await start(makeHouse([{ path: 'agents/judge', program: 'obedient' }]));
  const env = { ...process.env, ASI_HOME: home };
  const running = await withServers(async (servers) => servers, env);
  expect(running).toMatchObject({ natsUrl: stack.natsUrl, stack: { pid: process.pid } });
  await stack.stop();

  const readings = [1, 2].map(() =>
    withServers(async ({ natsUrl, stack: none }) => {
      const bus = await connectBus({ url: natsUrl, source: 'lab/test' });
      await bus.close();
      return none;
    }, env),
  );
  expect(await Promise.all(readings)).toEqual([null, null]);
  expect(readdirSync(join(home, 'run'))).toEqual([]);
});

test('servers of one’s own are used when both are named, and naming only one is refused', async () => {
  const env = { ASI_HOME: temporaryFolder(), NATS_URL: 'nats://n:4222', MONGODB_URL: 'mongodb://m:27017' };
  expect(await withServers(async ({ natsUrl }) => natsUrl, env)).toBe(env.NATS_URL);
  const { MONGODB_URL: _, ...half } = env;
  await expect(startStack({ env: half })).rejects.toMatchObject({
    code: 'servers-incomplete',
    message: expect.stringContaining('MONGODB_URL'),
  });
});
