import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spendingSchema } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { launchChromium } from './chromium.ts';
import { insertSampleCalls } from './insert-sample-calls.ts';
import { startObservatory } from './start-observatory.ts';

// Pictures of every view of a sample campaign, to look at before a change of the page is committed:
// node services/observatory/src/testing/take-screenshots.ts FOLDER

const [target = 'screenshots'] = process.argv.slice(2);
await mkdir(target, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'asi-screenshots-'));
const servers = await startEmbeddedServers({ home: join(folder, 'servers') });
const database = await openDatabase(servers.mongodbUrl);
const arms = [{ name: 'thinking', minds: { researcher: 'llm' as const } }, { name: 'control' }];
const sample = sampleCampaign({ candidates: 40, wanted: 60, arms });
sample.campaign.settings.spending = spendingSchema.parse({
  campaign: { dollars: 1, tokens: 100_000 },
  experiment: { tokens: 60_000 },
  roles: { judge: { tokens: 25_000 } },
  prices: { 'gpt-5-mini': { input: 1, cachedInput: 0.1, output: 8 } },
});
await insertSampleCampaign(database, sample);
const asked =
  sample.experiments.find(({ kind, outcome }) => kind === 'candidate' && outcome === 'completed')?._id ?? '';
await insertSampleCalls(database, asked, sample.inflight[0]?._id ?? '');
const observatory = await startObservatory({ ...servers, folder });
const browser = await launchChromium();
for (const width of [1280, 800, 390]) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  for (const view of ['overview', 'leaderboard', 'tree', 'cost', 'journal', `experiment/${asked}?tab=calls`]) {
    await page.goto(`${observatory.url}/#/${view}`);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'detached' });
    const call = page.locator('.calls summary').first();
    if (view.includes('calls')) {
      await call.click();
      await page.getByText('You design mixers').first().waitFor();
    }
    await page.screenshot({ path: join(target, `${view.replace(/\W+/g, '-')}-${width}.png`), fullPage: true });
  }
  await page.close();
}
await browser.close();
await observatory.stop();
await database.close();
await servers.stop();
await rm(folder, { recursive: true, force: true });
