import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { jsonDocument } from './json-document.ts';

test('docs/json.md says what the schemas say', async () => {
  await expect(jsonDocument()).toMatchFileSnapshot(fileURLToPath(new URL('../../../../docs/json.md', import.meta.url)));
});
