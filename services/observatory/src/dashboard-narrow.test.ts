import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, chromiumRemark } from './testing/chromium.ts';
import { type RunningDashboard, startDashboard } from './testing/start-dashboard.ts';

const sample = sampleCampaign({ candidates: 12, state: 'finished' });
const failed = sample.experiments.find(({ outcome }) => outcome === 'failed');
if (failed?.reason) failed.reason.message = 'its process died before it had said anything of its work, '.repeat(5);
const shown = sample.experiments.findLast(({ kind, outcome }) => kind === 'candidate' && outcome === 'completed')?._id;

describe.skipIf(!chromiumPath)(`the dashboard on a phone, in a browser${chromiumRemark}`, () => {
  let dashboard: RunningDashboard;
  let page: Page;

  beforeAll(async () => {
    dashboard = await startDashboard({
      name: 'dashboard-narrow',
      width: 420,
      prepare: async ({ database, reading }) => {
        await insertSampleCampaign(database, sample);
        await publishSampleJournal(reading.bus, sample);
      },
    });
    ({ page } = dashboard);
  });

  afterAll(async () => {
    await dashboard?.stop();
  });

  const open = async (hash: string) => {
    await page.goto(`${dashboard.observatory().url}/#/${hash}`);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'detached' });
  };

  test('no view is wider than the screen, so that nothing of it lies beside it', async () => {
    const parts = ['', '?tab=code', '?tab=calls', '?tab=messages'].map((tab) => `experiment/${shown}${tab}`);
    for (const view of ['overview', 'leaderboard', 'tree', 'cost', 'journal', 'overview?campaign=c999', ...parts]) {
      await open(view);
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(420);
    }
  });

  test('the numbers of every chart can be read', async () => {
    for (const view of ['overview', `experiment/${shown}`]) {
      await open(view);
      const ticks = page.locator('.chart text.tick, .interval text.tick');
      await ticks.first().waitFor();
      const heights = await ticks.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      expect(Math.min(...heights), view).toBeGreaterThan(9);
    }
  });

  test('a text at the end of a wide row does not make the row as high as a page', async () => {
    await open('leaderboard');
    const row = page
      .getByRole('table', { name: 'Experiments without a result' })
      .locator(`tr[data-key="${failed?._id}"]`);
    expect((await row.boundingBox())?.height).toBeLessThan(160);
  });
});
