import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { campaignSettingsSchema } from '@asi/contracts';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { repositoryRoot } from '../stack/toolchain.ts';
import { refuseWithoutModels } from './refuse-without-models.ts';

const env = { OPENAI_API_KEY: 'a key' };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'asi-house-'));
  for (const role of ['researcher', 'engineer', 'analyst', 'judge'])
    cpSync(join(repositoryRoot, 'agents', role, 'prompts'), join(root, 'agents', role, 'prompts'), { recursive: true });
  onTestFinished(() => rmSync(root, { recursive: true }));
});

const settings = (minds: Record<string, string>) =>
  campaignSettingsSchema.parse({ minds, models: { common: { model: 'm' } } });
const refuse = (minds: Record<string, string>) => () =>
  refuseWithoutModels(settings(minds), env, 'nothing was started', root);

function edit(file: string, from: string, to: string): string {
  const path = join(root, 'agents', file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return path;
}

const all = { researcher: 'llm', engineer: 'llm', analyst: 'llm', judge: 'llm' };

test.each([
  ['judge/prompts/score.md', '\n# user\n', '\n# usr\n', 'a prompt begins with a line'],
  ['analyst/prompts/analyse.md', '{{effects}}', '{{efects}}', 'it has no gap {{effects}}'],
  ['analyst/prompts/repair.md', '{{problems}}', '{{problems}} {{budget}}', 'nothing fills {{budget}}'],
  ['engineer/prompts/mend.md', '{{ending}}', '', 'it has no gap {{ending}}'],
  ['researcher/prompts/design.md', '\n# user\n', '\n', 'a prompt begins with a line'],
])('a broken %s is refused by name before anything is trained and paid', (file, from, to, why) => {
  expect(refuse(all)).not.toThrow();
  const path = edit(file, from, to);
  expect(refuse(all)).toThrow(expect.objectContaining({ code: 'model-settings' }));
  expect(refuse(all)).toThrow(`${file.split('/')[0]}: ${path}: ${why}`);
});

test('the prompts of a role that asks no model stop no campaign', () => {
  edit('judge/prompts/score.md', '{{results}}', '');
  expect(refuse({ researcher: 'llm' })).not.toThrow();
});
