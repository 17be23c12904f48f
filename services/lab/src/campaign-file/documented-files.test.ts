import { readdirSync, readFileSync } from 'node:fs';
import { settingsOfArm, thinkingRoles } from '@asi/contracts';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../stack/toolchain.ts';
import { parseCampaignFile } from './parse-campaign-file.ts';

const folder = 'docs/minds/';
const documents = ['README.md', ...readdirSync(`${repositoryRoot}/${folder}`).map((name) => `${folder}${name}`)];

/** What stands in fences as YAML, with the line that it begins at. */
const filesIn = (document: string): Array<{ readonly where: string; readonly text: string }> => {
  const text = readFileSync(`${repositoryRoot}/${document}`, 'utf8');
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => ({
    where: `${document}:${text.slice(0, match.index).split('\n').length}`,
    text: match[1] ?? '',
  }));
};
const files = documents.flatMap(filesIn);

test.each(files.map(({ where, text }) => [where, text]))(
  'a campaign file that the documents show is one: %s',
  (where, text) => {
    const campaign = parseCampaignFile(text, where);
    // A recipe without a model would ask for ASI_MODEL, which it does not speak of.
    for (const arm of [null, ...campaign.arms.map(({ name }) => name)]) {
      const { minds, models } = settingsOfArm(campaign, arm);
      for (const role of thinkingRoles.filter((one) => minds[one] === 'llm'))
        expect(models[role].model ?? models.common.model, role).not.toBeNull();
    }
  },
);

test('every kind of endpoint that the house promises a recipe for has one', () => {
  const recipes = filesIn(`${folder}endpoints.md`);
  const headings = readFileSync(`${repositoryRoot}/${folder}endpoints.md`, 'utf8');
  for (const name of ['OpenAI', 'vLLM', 'Ollama', 'LiteLLM', 'Azure OpenAI'])
    expect(headings).toContain(`\n## ${name}\n`);
  expect(recipes.length).toBeGreaterThan(5);
  expect(files.length).toBeGreaterThan(recipes.length);
});
