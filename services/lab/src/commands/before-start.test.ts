import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { freePorts } from '../stack/ports.ts';
import { identify } from '../stack/process-identity.ts';
import { writeStack } from '../stack/stack-file.ts';
import { acquireStackLock } from '../stack/stack-lock.ts';
import { variablesOf } from '../stack/stack-variables.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { trainerPython } from '../stack/toolchain.ts';
import { captureCli } from '../testing/captured-context.ts';

const {
  NATS_URL: _nats,
  MONGODB_URL: _mongodb,
  ASI_RUNNER_URL: _runner,
  ASI_MODEL: _model,
  OPENAI_API_KEY: _key,
  OPENAI_BASE_URL: _url,
  ...inherited
} = process.env;

function program(text: string): string {
  const path = join(temporaryFolder(), 'python');
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** What a command says when it refuses to start anything. */
async function refused(args: readonly string[], settings: Record<string, string>, said = 1) {
  const home = temporaryFolder();
  const { code, error } = await captureCli(args, { ...inherited, ASI_HOME: home, ...settings });
  const lines = error.trim().split('\n');
  expect(lines).toHaveLength(said);
  const run = join(home, 'run');
  expect(existsSync(run) ? readdirSync(run) : []).toEqual([]);
  expect(existsSync(join(home, 'logs/servers.jsonl'))).toBe(false);
  return { code, line: lines[0] ?? '', lines };
}

test.each([['up'], ['up', '--detach'], ['run'], ['certify', 'delta-net']])(
  'asi %s %s with a Python that does not exist starts nothing and names ASI_PYTHON',
  async (...args) => {
    const { code, line } = await refused(args.filter(Boolean), { ASI_PYTHON: '/nowhere/python' });
    expect(code).toBe(2);
    expect(line).toContain('ASI_PYTHON=/nowhere/python cannot run the trainer (there is no such program)');
  },
);

test.each([['up'], ['up', '--detach'], ['run'], ['certify', 'delta-net']])(
  'asi %s %s with a log level that no process knows starts nothing, instead of processes that fail one by one',
  async (...args) => {
    const { code, line } = await refused(args.filter(Boolean), { ASI_LOG_LEVEL: 'loud' });
    expect(code).toBe(2);
    expect(line).toBe('asi: ASI_LOG_LEVEL=loud: expected one of debug, info, warn, error; leave it unset for info');
  },
);

test('a setting that only some processes understand is refused alike, and so is any other that all of them read', async () => {
  // With the first the runner alone would end, again and again.
  for (const [name, value] of [
    ['ASI_LOG_LEVEL', 'trace'],
    ['ASI_LEASE_SECONDS', 'soon'],
  ] as const) {
    const { code, line } = await refused(['up'], { [name]: value });
    expect(code).toBe(2);
    expect(line).toContain(name);
  }
});

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

const campaignFile = (yaml: string): string => {
  const path = join(temporaryFolder(), 'minds.yaml');
  writeFileSync(path, yaml);
  return path;
};
const minds = 'minds: { researcher: llm, judge: llm }\n';

test('a campaign whose roles have no model, or no key for it, is refused before the start, with a line for each role', async () => {
  const withoutModel = await refused(['run', '--campaign', campaignFile(minds)], {}, 3);
  expect(withoutModel.code).toBe(2);
  expect(withoutModel.lines.slice(1)).toEqual([
    expect.stringMatching(/^ {2}researcher: no language model is named: .*ASI_MODEL/),
    expect.stringMatching(/^ {2}judge: no language model is named/),
  ]);
  const ownKey = `${minds}models: { common: { model: m }, judge: { apiKeyVariable: JUDGE_KEY } }\n`;
  const withoutKey = await refused(
    ['run', '--new', '--campaign', campaignFile(ownKey)],
    { OPENAI_API_KEY: 'sk-a-key-of-ours' },
    2,
  );
  expect(withoutKey.code).toBe(2);
  expect(withoutKey.lines[1]).toMatch(
    /^ {2}judge: JUDGE_KEY is not set, and https:\/\/api\.openai\.com\/v1 needs a key/,
  );
});

test('a missing key for embeddings is told before the start, and not after the first draft is paid', async () => {
  const yaml = (minds: string) =>
    `minds: { ${minds} }\nmodels: { common: { model: m }, embedding: { model: vectors, apiKeyVariable: VECTOR_KEY } }\n`;
  const env = { OPENAI_API_KEY: 'sk-a-key-of-ours' };
  const { code, lines } = await refused(['run', '--campaign', campaignFile(yaml('researcher: llm'))], env, 2);
  expect(code).toBe(2);
  expect(lines[1]).toMatch(/^ {2}researcher, for embeddings: VECTOR_KEY is not set, and https:\/\/api\.openai\.com/);
  const path = campaignFile(yaml('judge: llm'));
  const offline = await refused(['run', '--campaign', path], env);
  expect([offline.code, offline.line]).toEqual([2, expect.stringMatching(/:2: models\.embedding: only a researcher/)]);
});

test('a key that only an arm needs is missed before the start and not in the midst of the comparison', async () => {
  const split = [
    'minds: { judge: llm }',
    'models: { common: { model: m } }',
    'arms:',
    '  - { name: thinking, minds: { researcher: llm }, models: { researcher: { apiKeyVariable: OTHER_KEY } } }',
    '  - { name: control }\n',
  ].join('\n');
  const said = await refused(['run', '--campaign', campaignFile(split)], { OPENAI_API_KEY: 'sk-a-key-of-ours' }, 2);
  expect(said.code).toBe(2);
  expect(said.lines[1]).toMatch(/^ {2}researcher of arm thinking: OTHER_KEY is not set/);
});

test('a model of one’s own machine needs no key, and roles that are offline need nothing: the next obstacle is named', async () => {
  const local = `${minds}models: { common: { baseUrl: 'http://127.0.0.1:1/v1', model: m } }\n`;
  for (const yaml of [local, 'seed: 3\n']) {
    const { line } = await refused(['run', '--campaign', campaignFile(yaml)], { ASI_PYTHON: '/nowhere/python' });
    expect(line).toContain('ASI_PYTHON=/nowhere/python cannot run the trainer');
  }
});

/** Servers on a state folder that holds a campaign whose judge thinks with a model. */
async function withThinkingCampaign(env: NodeJS.ProcessEnv, state: 'running' | 'paused') {
  const servers = await startEmbeddedServers({ home: stateFolder(env).data });
  const database = await openDatabase(servers.mongodbUrl);
  const sample = sampleCampaign({ number: 1, candidates: 2, wanted: 6, state });
  const { settings } = sample.campaign;
  const campaign = {
    ...sample.campaign,
    settings: { ...settings, minds: { ...settings.minds, judge: 'llm' as const } },
  };
  await insertSampleCampaign(database, { ...sample, campaign });
  await database.close();
  return servers;
}

test('an unfinished campaign is not continued without the key of its models, for its experiments would fail one after the other', async () => {
  const home = temporaryFolder();
  const env = { ...inherited, ASI_HOME: home, ASI_MODEL: 'm' };
  await (await withThinkingCampaign(env, 'running')).stop();
  for (const args of [['run'], ['up'], ['up', '--detach'], ['confirm', 'c001-0001']]) {
    const { code, error } = await captureCli(args, env);
    expect([args, code, error]).toEqual([
      args,
      2,
      expect.stringMatching(/nothing was started.*:\n {2}judge: OPENAI_API_KEY is not set/),
    ]);
  }
  expect(existsSync(join(home, 'logs/director.jsonl'))).toBe(false);
});

test('a paused campaign is in nobody’s way: the laboratory comes up for looking, whatever it lacks', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder(), ASI_MODEL: 'm' };
  await (await withThinkingCampaign(env, 'paused')).stop();
  const { error } = await captureCli(['up'], { ...env, ASI_PYTHON: '/nowhere/python' });
  expect(error).toContain('ASI_PYTHON=/nowhere/python cannot run the trainer');
});

test('a campaign is not resumed by processes that were started without the key, whatever this terminal has', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder(), ASI_MODEL: 'm', OPENAI_API_KEY: 'sk-a-key-of-ours' };
  const servers = await withThinkingCampaign(env, 'paused');
  onTestFinished(() => servers.kill());
  const folder = stateFolder(env);
  const lock = await acquireStackLock(folder, 'stack');
  onTestFinished(() => lock.release());
  const self = identify(process.pid);
  if (!self) throw new Error('this process cannot be identified');
  writeStack(folder, {
    pid: process.pid,
    startTime: self.startTime,
    startedAt: new Date().toISOString(),
    natsUrl: servers.natsUrl,
    mongodbUrl: servers.mongodbUrl,
    embedded: true,
    runnerUrls: [],
    processes: [],
    variables: variablesOf({ ASI_MODEL: 'm', OPENAI_API_KEY: '' }),
  });
  const { code, error } = await captureCli(['resume'], env);
  expect(code).toBe(2);
  expect(error).toMatch(
    /stays as it is.*asi down, set it, and start them again:\n {2}judge: OPENAI_API_KEY is not set/,
  );
  expect(readFileSync(join(folder.run, 'stack.json'), 'utf8')).not.toContain('sk-a-key');
});

test('a setting of a model in the environment that cannot be is refused by asi run before anything is started', async () => {
  const file = join(temporaryFolder(), 'minds.yaml');
  writeFileSync(file, 'minds: { judge: llm }\nmodels: { common: { baseUrl: http://127.0.0.1:1/v1, model: m } }\n');
  const { code, line } = await refused(['run', '--campaign', file], { ASI_JUDGE_TEMPERATURE: 'hot' });
  expect([code, line]).toEqual([2, expect.stringContaining('asi: ASI_JUDGE_TEMPERATURE: ')]);
});

test('a cap in dollars without the price of a model is refused by asi run before anything is trained, with the lines that mend it', async () => {
  const file = join(temporaryFolder(), 'minds.yaml');
  const write = (spending: string) =>
    writeFileSync(
      file,
      `minds: { judge: llm }\nmodels: { common: { baseUrl: http://127.0.0.1:1/v1 }, judge: { model: 'my/m:1' } }\nspending: ${spending}\n`,
    );
  write('{ experiment: { dollars: 1 }, prices: { other: { input: 1, output: 2 } } }');
  const { code, lines } = await refused(['run', '--campaign', file, '--dollars', '3'], { ASI_MODEL: 'other' }, 4);
  expect([code, lines]).toEqual([
    2,
    [
      expect.stringMatching(
        /^asi: spending\.campaign\.dollars, spending\.experiment\.dollars cannot be kept, for there is no price for the model my\/m:1; nothing was started\. Set a cap in tokens/,
      ),
      '  spending:',
      '    prices:',
      '      "my/m:1": { input: N, output: N }',
    ],
  ]);
  // With a price the next thing that is missing is told.
  write('{ campaign: { dollars: 1 }, prices: { "my/m:1": { input: 1, output: 2 } } }');
  const priced = await refused(['run', '--campaign', file], { ASI_PYTHON: '/nowhere/python' });
  expect(priced.line).toContain('ASI_PYTHON=/nowhere/python');
});

test('an unfinished campaign whose cap in dollars lacks a price goes on once the file has it, and no earlier', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder(), ASI_MODEL: 'm', OPENAI_API_KEY: 'sk-a-key-of-ours' };
  await (await withThinkingCampaign(env, 'paused')).stop();
  const run = (...args: string[]) => captureCli(['run', ...args], { ...env, ASI_PYTHON: '/nowhere/python' });
  const { code, error } = await run('--dollars', '3');
  expect([code, error]).toEqual([2, expect.stringContaining('there is no price for the model m; nothing was started')]);
  expect((await run('--tokens', '9000')).error).toContain('ASI_PYTHON=/nowhere/python');
});
