import { sampleCampaign } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { readSample } from '../testing/read-sample.ts';
import { widthOf } from '../view/text-width.ts';
import type { CliContext } from './cli-context.ts';
import { closingText } from './closing-text.ts';

test('what a campaign leaves on the terminal breaks at spaces, and in a file every line is whole', async () => {
  const reading = await readSample(sampleCampaign({ candidates: 6, wanted: 6, underWay: 0, state: 'finished' }));
  const shown = async (isTerminal: boolean, columns: number) => {
    const out = { isTerminal, columns: () => columns };
    const context = { out, env: { NO_COLOR: '1' } } as unknown as CliContext;
    const progress = await reading.progress('c001');
    return closingText(context, { reading, campaignId: 'c001', end: { progress }, report: '/r.html' });
  };
  const [file, ...screens] = await Promise.all([shown(false, 0), shown(true, 80), shown(true, 100)]);
  const words = (lines: readonly string[]) => lines.join(' ').split(/\s+/).filter(Boolean);
  const sentence = file.find((line) => line.startsWith('go on')) ?? '';
  expect(widthOf(sentence)).toBeGreaterThan(80);
  for (const [index, lines] of screens.entries()) {
    for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual([80, 100][index] ?? 0);
    expect(words(lines).join(' ')).toContain(words([sentence]).join(' '));
  }
});
