import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { jsonDocument } from './json-document.ts';

test('docs/json.md says what the schemas say', async () => {
  await expect(jsonDocument()).toMatchFileSnapshot(fileURLToPath(new URL('../../../../docs/json.md', import.meta.url)));
});

test('no field is left to guess: each has a type and a meaning', () => {
  const rows = jsonDocument()
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.startsWith('| `asi'));
  expect(rows.length).toBeGreaterThan(200);
  for (const row of rows) {
    const [, type, meaning] = row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    expect([type, meaning], row).not.toContain('');
    expect(row).not.toContain('anything');
  }
});
