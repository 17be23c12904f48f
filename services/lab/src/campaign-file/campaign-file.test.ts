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

test('an empty file is the default campaign, and the defaults written out are the same campaign', () => {
  const defaults = campaignSettingsSchema.parse({});
  expect(parseCampaignFile('', 'asi.yaml')).toEqual(defaults);
  expect(parseCampaignFile(stringify(defaults), 'asi.yaml')).toEqual(defaults);
});

test.each([
  ['budget:\n  candidates: 0\n', ['asi.yaml:2: budget.candidates: expected a number >= 1']],
  [
    '# a comment\n\nbudget:\n  candidats: 3\n',
    ['asi.yaml:4: budget.candidats: there is no such key; did you mean candidates?'],
  ],
  ['zebra: 1', ['asi.yaml:1: zebra: there is no such key; allowed here: title, seed']],
  ['policy: topk', ['asi.yaml:1: policy: expected paper, top-k']],
  ['inFlight: many', ['asi.yaml:1: inFlight: expected auto or a number']],
  ['limits: 3', ['asi.yaml:1: limits: expected a mapping of keys']],
  ['seed: 1.5', ['asi.yaml:1: seed: expected a whole number']],
  [
    'budget:\n  minutes: -1\n  candidates: x',
    ['asi.yaml:2: budget.minutes: expected', 'asi.yaml:3: budget.candidates: expected a number'],
  ],
  ['gates:\n  - role: critic\n    stage: later', ['asi.yaml:3: gates[0].stage: expected designed or assessed']],
  ['baselines:\n  - {name: mamba2, seeds: [0, 1]}', ['asi.yaml:1: baselines: delta-net must be among the baselines']],
  ['seed: 1\nseed: 2', ['asi.yaml:2: not valid YAML: Map keys must be unique']],
  ['- 1', ['asi.yaml:1: the file: expected a mapping of keys']],
])('a mistake in %j is named by file, line, key and what is allowed', (text, expected) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(expected.length);
  for (const [index, start] of expected.entries()) expect(problems[index]).toContain(start);
});

test('a file that is missing or a folder is one clear line', () => {
  expect(() => readCampaignFile('/nowhere/asi.yaml')).toThrow('/nowhere/asi.yaml: there is no such file');
  expect(() => readCampaignFile('/')).toThrow('/: this is a folder');
});
