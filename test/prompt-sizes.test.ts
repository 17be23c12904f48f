import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = 'test/bench/prompt-sizes.ts';
const pathOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

test('the tokens of prompts in the documentation are those of the prompts as they are now', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [pathOf(script)]);
  const document = readFileSync(pathOf('docs/minds/cost.md'), 'utf8');
  const [, printed] = document.split(/<!-- (?:begin|end): .* -->/);
  expect(printed?.trim(), `docs/minds/cost.md is stale: node ${script} --write`).toBe(stdout.trim());
}, 180_000);
