import { openReading } from '@asi/reading';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { widthOf } from '../view/text-width.ts';
import type { CliContext } from './cli-context.ts';
import { closingText } from './closing-text.ts';

test('what a campaign leaves on the terminal breaks at spaces, and in a file every line is whole', async () => {
  const servers = await startEmbeddedServers({ home: temporaryFolder() });
  onTestFinished(() => servers.stop());
  const database = await openDatabase(servers.mongodbUrl);
  await insertSampleCampaign(database, sampleCampaign({ candidates: 6, wanted: 6, underWay: 0, state: 'finished' }));
  await database.close();
  const reading = await openReading({ ...servers, source: 'lab/test' });
  onTestFinished(() => reading.close());
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
