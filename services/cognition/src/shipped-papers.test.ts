import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPaperSearch } from './search/search-papers.ts';
import { shippedPapers } from './shipped-papers.ts';

test('each paper is summarised in 60 to 120 words and gives at least two insights', async () => {
  const papers = await shippedPapers();
  expect(papers.length).toBeGreaterThanOrEqual(12);
  for (const { _id, summary, insights, components } of papers) {
    const words = summary.split(/\s+/).length;
    expect(words >= 60 && words <= 120, `${_id} has ${words} words`).toBe(true);
    expect(insights.length, _id).toBeGreaterThanOrEqual(2);
    expect(components.length, _id).toBeGreaterThan(0);
  }
});

test.each([
  ['parity state tracking fails, eigenvalues positive, reflection', '2411.12537'],
  ['overwritten keys, stale values, interference, state not erased', '2406.06484'],
  ['noise tokens disturb recall, forgetting, gate, decay', '2312.06635'],
  ['associative recall fails, many key value pairs, state capacity, collisions', '2402.18668'],
  ['fuzzy recall, keys of several tokens, local mixing, short convolution', '2402.18668'],
])('the symptom "%s" finds the paper that treats it', async (symptom, expected) => {
  const { hits } = createPaperSearch(await shippedPapers()).search(symptom, 2);
  expect(hits.map(({ paper }) => paper._id)).toContain(expected);
});

test('a broken file is named together with what is wrong in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asi-papers-'));
  await writeFile(join(folder, '1.json'), '{"_id":"1","title":5}');
  await expect(shippedPapers(folder)).rejects.toMatchObject({
    kind: 'terminal',
    message: expect.stringContaining('1.json: title'),
  });
  await writeFile(join(folder, '1.json'), '{');
  await expect(shippedPapers(folder)).rejects.toMatchObject({ message: expect.stringContaining('1.json is not JSON') });
  await rm(folder, { recursive: true });
});
