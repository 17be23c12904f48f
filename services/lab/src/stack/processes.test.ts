import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findHouseMembers } from './house-member.ts';
import { houseProcesses } from './processes.ts';
import { stackFilePath } from './stack-file.ts';
import { stateFolder } from './state-folder.ts';
import { makeHouse } from './testing/small-house.ts';
import { temporaryFolder } from './testing/temporary-home.ts';
import { repositoryRoot } from './toolchain.ts';

const servers = { natsUrl: 'nats://n', mongodbUrl: 'mongodb://m' };
const house = () =>
  makeHouse([
    { path: 'gpu-runner', program: 'obedient' },
    { path: 'agents/engineer', program: 'obedient', declaration: { perRunner: true, needs: ['environment'] } },
    { path: 'agents/judge', program: 'obedient' },
  ]);

test('an engineer stands beside each runner, wherever the runners are', () => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  const processesWith = (localRunners: string[], externalRunners: string[]) =>
    houseProcesses(findHouseMembers(house()), { ...servers, localRunners, externalRunners }, folder, {});
  const local = processesWith(['127.0.0.1:1'], []);
  expect(local.map(({ name }) => name)).toEqual(['gpu-runner', 'engineer', 'judge']);
  expect(local[0]).toMatchObject({
    url: 'grpc://127.0.0.1:1',
    readiness: { kind: 'file', path: join(folder.run, 'gpu-runner.address') },
    env: {
      ASI_RUNNER_ADDRESS: '127.0.0.1:1',
      ASI_RUNNER_HOME: join(folder.runners, 'gpu-runner'),
      ASI_RUNNER_PROOF: join(folder.runners, 'isolation.json'),
    },
  });
  // Where the dashboard learns of restarts, and of processes that are on no bus.
  const told = local.filter(({ name }) => !name.startsWith('gpu-runner'));
  expect(told.map(({ env }) => env.ASI_STACK_FILE)).toEqual(told.map(() => stackFilePath(folder)));
  const external = processesWith([], ['grpc://a:1', 'grpc://b:1']);
  expect(external.map(({ name, env }) => [name, env.ASI_RUNNER_URL])).toEqual([
    ['engineer-1', 'grpc://a:1'],
    ['engineer-2', 'grpc://b:1'],
    ['judge', 'grpc://a:1'],
  ]);
});

test('a runner, which speaks gRPC only, is told neither the broker nor the database', () => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  const [runner] = houseProcesses(
    findHouseMembers(house()),
    { ...servers, localRunners: ['127.0.0.1:1'], externalRunners: [] },
    folder,
    { NATS_URL: 'nats://secret@n', MONGODB_URL: 'mongodb://secret@m', ASI_RUNNER_SLOTS: '2' },
  );
  expect(runner?.env).not.toHaveProperty('NATS_URL');
  expect(runner?.env).not.toHaveProperty('MONGODB_URL');
  expect(runner?.env.ASI_RUNNER_SLOTS).toBe('2');
});

test('no process is told to send its prompts to LangSmith, or headers of one provider to all, whoever asked for it', () => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  const asked = {
    LANGSMITH_TRACING: 'true',
    LANGCHAIN_API_KEY: 'k',
    LANGSMITH_ENDPOINT: 'http://elsewhere',
    OPENAI_CUSTOM_HEADERS: 'x: y',
  };
  const addresses = { ...servers, localRunners: ['127.0.0.1:1'], externalRunners: [] };
  const specs = houseProcesses(findHouseMembers(house()), addresses, folder, { ...asked, ASI_MODEL: 'm' });
  expect(
    specs.map(({ env }) => Object.keys(env).filter((name) => /^LANG(SMITH|CHAIN)|^OPENAI_CUSTOM/.test(name))),
  ).toEqual([[], [], []]);
  expect(specs.at(1)?.env.ASI_MODEL).toBe('m');
  expect(asked.LANGSMITH_TRACING).toBe('true');
});

test('a runner, which starts programs of models, and a role that asks no model are told no key, whatever its variable is called', () => {
  const folder = stateFolder({ ASI_HOME: temporaryFolder() });
  const keys = { OPENAI_API_KEY: 'secret-1', AZURE_KEY_OF_MINE: 'secret-2', ASI_JUDGE_KEY: 'secret-3' };
  const members = findHouseMembers(house());
  const addresses = { ...servers, localRunners: ['127.0.0.1:1'], externalRunners: [] };
  const settings = { PATH: '/bin', ASI_PYTHON: 'python3', OPENAI_BASE_URL: 'http://secret-4', ASI_MODEL: 'secret-5' };
  const [runner, engineer, judge] = houseProcesses(members, addresses, folder, { ...keys, ...settings });
  expect(JSON.stringify([runner, judge])).not.toContain('secret');
  expect(judge?.env).toMatchObject({ PATH: '/bin', NATS_URL: servers.natsUrl, ASI_HOME: folder.path });
  expect(runner?.env).toMatchObject({ PATH: '/bin', ASI_PYTHON: 'python3', ASI_SUPERVISED: '1' });
  expect(engineer?.env).toMatchObject({ ...keys, ...settings });
});

test.each([
  ['{"asi": {"process": "main.mjs", "neds": []}}', /package\.json: asi.*neds/],
  ['{"asi": {"process": "gone.mjs"}}', /gone\.mjs, which is missing/],
  ['{"asi": ', /agents.judge.package\.json: /],
])('a package.json that declares a process wrongly is named: %s', (content, message) => {
  const root = makeHouse([{ path: 'agents/judge', program: 'obedient' }]);
  writeFileSync(join(root, 'agents/judge/package.json'), content);
  expect(() => findHouseMembers(root)).toThrow(message);
});

test('the declarations of this repository are valid', () => {
  expect(findHouseMembers(repositoryRoot).map(({ name }) => name)).toContain('gpu-runner');
});
