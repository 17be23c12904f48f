import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { campaignSettingsSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { campaignFileDocument } from './campaign-file-document.ts';
import { describeSettings } from './describe-settings.ts';
import { parseCampaignFile } from './parse-campaign-file.ts';
import { readCampaignFile } from './read-campaign-file.ts';

const docs = (name: string) => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
const problemsOf = (text: string): string[] => {
  try {
    parseCampaignFile(text, 'asi.yaml');
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'campaign-file', kind: 'terminal' });
    return (error as Error).message.split('\n');
  }
};

test('docs/campaign-file.md lists every key of the schema with default and meaning', async () => {
  for (const { key, meaning } of describeSettings()) expect(meaning, key).not.toBe('');
  await expect(campaignFileDocument()).toMatchFileSnapshot(docs('campaign-file.md'));
});

test('the documented example is a valid campaign file', () => {
  const settings = readCampaignFile(docs('campaign-example.yaml'));
  expect(settings).toMatchObject({
    policy: 'map-elites',
    budget: { candidates: 60, minutes: 120 },
    learnFromInsights: 'yes',
  });
});

test('a model of embeddings that only the researcher of an arm asks is no mistake', () => {
  const arms = 'arms:\n  - { name: thinking, minds: { researcher: llm } }\n  - { name: control }\n';
  expect(problemsOf(`models: { common: { model: m }, embedding: { model: vectors } }\n${arms}`)).toEqual([]);
});

test('an empty file is the default campaign, and the defaults written out are the same campaign', () => {
  const defaults = campaignSettingsSchema.parse({});
  expect(parseCampaignFile('', 'asi.yaml')).toEqual(defaults);
  expect(parseCampaignFile(stringify(defaults), 'asi.yaml')).toEqual(defaults);
});

test.each([
  ['budget:\n  candidates: 0\n', ['asi.yaml:2: budget.candidates: expected a whole number >= 1']],
  [
    'budget:\n  candidates: 5\n  maximalAttempts: 1\n',
    [
      'asi.yaml:3: budget.maximalAttempts: 1 sampled at most can never be the 5 completed candidates of budget.candidates; set this to at least 5, or budget.candidates to at most 1',
    ],
  ],
  ['budget: { maximalAttempts: 11 }', ['asi.yaml:1: budget.maximalAttempts: 11 sampled at most can never be the 12 ']],
  [
    '# a comment\n\nbudget:\n  candidats: 3\n',
    ['asi.yaml:4: budget.candidats: there is no such key; did you mean candidates?'],
  ],
  ['zebra: 1', ['asi.yaml:1: zebra: there is no such key; allowed here: title, seed']],
  [
    'spending:\n  roles:\n    jugde: { tokens: 3 }\n    zebra: { tokens: 3 }\n    judge: { zebra: 3 }\n  prices: { m: { inputs: 1, input: 1, output: 2 } }\n',
    [
      'asi.yaml:3: spending.roles.jugde: there is no such key; did you mean judge?',
      'asi.yaml:4: spending.roles.zebra: there is no such key; allowed here: researcher, engineer, analyst, judge',
      'asi.yaml:5: spending.roles.judge.zebra: there is no such key; allowed here: dollars, tokens',
      'asi.yaml:6: spending.prices.m.inputs: there is no such key; did you mean input?',
    ],
  ],
  [
    'minds: { judge: llm }\nmodels:\n  common: { model: m }\n  embedding: { model: vectors }\n',
    ['asi.yaml:4: models.embedding: only a researcher with the mind llm asks for vectors'],
  ],
  [
    'minds: { judge: llm, analyst: llm }\nmodels:\n  common: { model: m, contextTokens: 8192 }\n  analyst: { maxOutputTokens: 2000 }\n',
    [
      'asi.yaml:2: models: judge: contextTokens is 8192 and maxOutputTokens 16000, which leaves no room for a prompt; set maxOutputTokens to a quarter of the context, say (2048)',
    ],
  ],
  [
    "models:\n  common: { model: '' }\n  embedding: { model: '' }\n",
    [
      'asi.yaml:2: models.common.model: expected a text of at least 1 character',
      'asi.yaml:3: models.embedding.model: expected a text of at least 1 character',
    ],
  ],
  ['policy: topk', ['asi.yaml:1: policy: expected paper, top-k']],
  ['inFlight: many', ['asi.yaml:1: inFlight: expected auto or a number']],
  ['limits: 3', ['asi.yaml:1: limits: expected a mapping of keys']],
  ['seed: 1.5', ['asi.yaml:1: seed: expected a whole number']],
  ['seed: 99999999999999999999', ['asi.yaml:1: seed: expected a whole number <= 9007199254740991']],
  ['title: x\nbaselines: [delta-net,\n  mamba2\nseed: 3\n', ['asi.yaml:3: a list [ … ] is not closed; add ]']],
  ['budget: { candidates: 3\n\nseed: 3\n', ['asi.yaml:1: a mapping { … } is not closed; add }']],
  [
    'budget:\n  minutes: -1\n  candidates: x',
    ['asi.yaml:2: budget.minutes: expected', 'asi.yaml:3: budget.candidates: expected a number'],
  ],
  ['gates:\n  - role: critic\n    stage: later', ['asi.yaml:3: gates[0].stage: expected designed or assessed']],
  [
    'baselines:\n  - {name: deltanet, seeds: [0, 1]}',
    ['asi.yaml:2: baselines[0].name: there is no baseline deltanet; did you mean delta-net? known are '],
  ],
  [
    'gates:\n  - {role: director, stage: designed, deadlineSeconds: 2}',
    ['asi.yaml:2: gates[0].role: director has work of its own and answers no gate'],
  ],
  // What only the second look finds is told together with what the first one finds.
  [
    'candidates: 3\nseed: x\ngates:\n  - {role: director, stage: designed, deadlineSeconds: 2}',
    [
      'asi.yaml:1: candidates: there is no such key; did you mean budget.candidates?',
      'asi.yaml:2: seed: expected a number',
      'asi.yaml:4: gates[0].role: director has work of its own and answers no gate',
    ],
  ],
  ['baselines:\n  - {name: mamba2, seeds: [0, 1]}', ['asi.yaml:1: baselines: delta-net must be among the baselines']],
  ['seed: 1\nseed: 2', ['asi.yaml:2: seed is there twice']],
  [
    'baselines:\n  - {name: delta-net, seeds: [0, 1]}\n  - name: mambo\n    seeds: [1]\n',
    ['asi.yaml:3: baselines[1].name: there is no baseline mambo; did you mean mamba2? known are delta-net, gated-'],
  ],
  ['baselines:\n  - {name: delta-net, seeds: [0, 0]}', ['asi.yaml:2: baselines[0].seeds: a seed is there twice']],
  [
    'baselines:\n  - {name: delta-net, seeds: [0, 1]}\n  - {name: delta-net, seeds: [0]}',
    ['asi.yaml:3: baselines[1].name: delta-net is there twice'],
  ],
  ['title: a\n---\ntitle: b\n', ['asi.yaml:2: a second document begins here']],
  ['seed: 1\ntitle: !!js/function "return 1"', ['asi.yaml:2: !!js/function is not understood']],
  ['budget:\n\tcandidates: 3', ['asi.yaml:2: indented with a tab; use spaces']],
  ['budget:\n  candidates: 3\n minutes: 2', ['asi.yaml:3: indented otherwise than the lines that it belongs to']],
  ['title\nseed: 4', ['asi.yaml:1: a key without its colon: write KEY: VALUE']],
  ['title: *nothing', ['asi.yaml:1: *nothing refers to nothing']],
  ['title: &all [*all]', ['asi.yaml:1: *all stands inside of what it refers to']],
  ['title: a\u0000b', ['asi.yaml:1: a control character']],
  ['arms:\n  - name: thinking\n', ['asi.yaml:2: arms[0]: one arm has nothing to be compared with']],
  ['arms:\n  - name: a\n  - name: b\n  - name: a\n', ['asi.yaml:4: arms[2].name: a is there twice']],
  [
    'arms:\n  - {name: a}\n  - name: b\n    minds: { researchr: llm }',
    ['asi.yaml:4: arms[1].minds.researchr: there is no such key; did you mean researcher?'],
  ],
  ['arms:\n  - {name: a}\n  - {name: B}', ['asi.yaml:3: arms[1].name: expected lower-case letters']],
  ['arms:\n  - {name: a}\n  - {name: b, share: 0}', ['asi.yaml:3: arms[1].share: expected a whole number >= 1']],
  ['- 1', ['asi.yaml:1: the file: expected a mapping of keys']],
])('a mistake in %j is named by file, line, key and what is allowed', (text, expected) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(expected.length);
  for (const [index, start] of expected.entries()) expect(problems[index]).toContain(start);
});

test('what would unfold to thousands of values, or is nested thousands deep, is refused before it is', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair]))
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`)}]`);
  expect(problemsOf(bomb.join('\n'))).toEqual([expect.stringMatching(/^asi.yaml:4: \*c unfolds to more than/)]);
  expect(problemsOf(`seed: 1\ntitle: ${'['.repeat(20_000)}`)).toEqual([
    expect.stringMatching(/^asi.yaml:2: nested too deeply/),
  ]);
});

test('a value that is written once and meant twice is no alias bomb', () => {
  expect(parseCampaignFile('title: &name mine\nevaluationSeed: *name', 'asi.yaml')).toMatchObject({
    title: 'mine',
    evaluationSeed: 'mine',
  });
});

test('the baselines that a file may name are those that the trainer has', () => {
  const registry = readFileSync(
    new URL('../../../../gpu-runner/trainer/trainer/mixers/registry.py', import.meta.url),
    'utf8',
  );
  const names = [...registry.matchAll(/^ {4}"([a-z0-9-]+)": "/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(4);
  expect(problemsOf('baselines: [{name: x, seeds: [1]}, {name: delta-net, seeds: [0, 1]}]')[0]).toContain(
    `known are ${names.join(', ')}`,
  );
});

test('a file of the wrong kind is refused at once and in one line, however large it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-campaign-'));
  const write = (name: string, body: string | Buffer) => {
    writeFileSync(join(folder, name), body);
    return () => readCampaignFile(join(folder, name));
  };
  expect(write('large.yaml', 'title: abc\n'.repeat(1_000_000))).toThrow(/large.yaml: larger than 64 kB/);
  expect(write('latin.yaml', Buffer.from('seed: 1\ntitle: caf\xe9\n', 'latin1'))).toThrow(/latin.yaml:2: not UTF-8/);
  expect(() => readCampaignFile('/dev/zero')).toThrow('/dev/zero: this is no file but a pipe, a socket or a device');
  rmSync(folder, { recursive: true });
});

test('a file that is missing or a folder is one clear line', () => {
  expect(() => readCampaignFile('/nowhere/asi.yaml')).toThrow('/nowhere/asi.yaml: there is no such file');
  expect(() => readCampaignFile('/')).toThrow('/: this is a folder');
});

test('a password in the address of a model is refused before it is anywhere on record, and is not repeated', () => {
  for (const address of ['https://me:hunter2secret@models.example/v1', 'https://models.example/v1?key=hunter2secret']) {
    const ofCampaign = problemsOf(`models:\n  common:\n    baseUrl: "${address}"\n`);
    const ofArm = problemsOf(`arms:\n- name: control\n- name: large\n  models: { judge: { baseUrl: "${address}" } }\n`);
    expect(ofCampaign).toEqual([expect.stringMatching(/^asi.yaml:3: models.common.baseUrl: must end with its path/)]);
    expect(ofArm).toEqual([expect.stringMatching(/^asi.yaml:4: arms\[1\].models.judge.baseUrl: must end/)]);
    expect([...ofCampaign, ...ofArm].join()).not.toContain('hunter2secret');
  }
  expect(problemsOf('models:\n  common:\n    baseUrl: nowhere\n')).toEqual([
    'asi.yaml:3: models.common.baseUrl: expected an address such as http://localhost:8000/v1',
  ]);
});
