import type { Reading } from '@asi/reading';
import { insertSampleCampaign, publishSampleJournal, type SampleCampaign, sampleCampaign } from '@asi/reading/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, chromiumRemark } from './testing/chromium.ts';
import { type RunningDashboard, startDashboard } from './testing/start-dashboard.ts';

const reason = { code: 'sample', message: 'made up', evidenceHash: null };
const end = (one: SampleCampaign['experiments'][number] | undefined, changes: object) => {
  if (!one) throw new Error('the sample has none such');
  return Object.assign(one, { reason, ...changes });
};
const unmeasured = { measurement: null, judgement: null, fitness: null };
const completed = ({ experiments }: SampleCampaign) =>
  experiments.filter(({ kind, outcome }) => kind === 'candidate' && outcome === 'completed');

/** Every kind of end in it: two candidates and a baseline are cancelled. */
const mixed = sampleCampaign({ number: 1, candidates: 20, state: 'finished' });
for (const one of completed(mixed).slice(0, 2)) end(one, { outcome: 'cancelled', ...unmeasured });
end(mixed.experiments[0], { outcome: 'cancelled', ...unmeasured });
const barren = sampleCampaign({ number: 2, candidates: 0, state: 'cancelled' });
barren.campaign.reference = null;
const unanalysed = { ...sampleCampaign({ number: 3, candidates: 4 }), insights: [] };
/** So large that only the best carry names; a gate refused the one with the highest merit. */
const large = sampleCampaign({ number: 4, candidates: 160, wanted: 200 });
const refused = completed(large)[5];
end(refused, { outcome: 'rejected', fitness: { ...refused?.fitness, merit: 1, total: 1 } });

/** Under a baseline, with a name for which the selection has no room. */
const [named] = completed(unanalysed);
if (named) named.name = 'state-space-gated-decay-multiscale-fir-copy-two-stage-router-9ef8';

describe.skipIf(!chromiumPath)(`campaigns of every kind, in a browser${chromiumRemark}`, () => {
  let dashboard: RunningDashboard;
  let reading: Reading;
  let page: Page;

  beforeAll(async () => {
    dashboard = await startDashboard({
      name: 'dashboard-campaigns',
      prepare: async ({ database, reading: { bus } }) => {
        for (const sample of [mixed, barren, unanalysed, large]) await insertSampleCampaign(database, sample);
        for (const sample of [mixed, unanalysed]) await publishSampleJournal(bus, sample);
      },
    });
    ({ reading, page } = dashboard);
  });

  afterAll(async () => {
    await dashboard?.stop();
  });

  const open = async (hash: string) => {
    await page.goto(`${dashboard.observatory().url}/${hash}`);
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'detached' });
  };
  const fact = async (name: string) =>
    (await page.locator('dt', { hasText: name }).first().locator('xpath=following-sibling::dd').textContent())?.trim();
  const card = (name: string) => page.getByRole('region', { name });

  test('says of which campaign it knows nothing, and leads to those that there are', async () => {
    for (const view of ['overview', 'leaderboard', 'tree', 'cost', 'journal']) {
      await open(`#/${view}?campaign=c999`);
      await page.getByRole('alert').getByText('There is no campaign c999.').waitFor();
    }
    expect(await page.title()).toContain('c999');
    const nav = page.getByRole('navigation', { name: 'Views' });
    expect(await nav.getByRole('link', { name: 'Tree' }).getAttribute('href')).toBe('#/tree');
    await page.getByRole('link', { name: 'c003 · sample' }).click();
    await page.getByRole('heading', { name: 'Journal' }).waitFor();
    expect(page.url()).toContain('#/journal?campaign=c003');
    const answer = await fetch(`${dashboard.observatory().url}/api/campaigns/c999/progress`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { code: 'not-found', message: 'there is no campaign c999' },
    ]);
  });

  test('what ended without a result adds up to its number and to `asi status --json`; no baseline is waited for that was cancelled', async () => {
    await open('#/overview?campaign=c001');
    const progress = await reading.progress('c001');
    const { rejected, failed, cancelled } = progress?.candidates ?? { rejected: 0, failed: 0, cancelled: 0 };
    expect([rejected > 0, failed > 0, cancelled]).toEqual([true, true, 2]);
    expect(await fact('Without result')).toBe(
      `${rejected + failed + cancelled} ${rejected} rejected, ${failed} failed, 2 cancelled`,
    );
    const { completed: done, wanted } = progress?.baselines ?? {};
    expect(done).toBe(wanted);
    expect(await fact('Baseline runs')).toBe(`${done} of ${wanted}, 1 more without result`);
    expect(await card('Under way').count()).toBe(0);
    await open(`#/experiment/${mixed.experiments[0]?._id}`);
    await page.getByText('baseline · ended').waitFor();
  });

  test('promises no effects that cannot come, of an ended campaign without a reference, and needs no analysis for those of another', async () => {
    await open('#/overview?campaign=c002');
    await card('What components contribute').getByText('nothing to estimate effects by').waitFor();
    await open('#/overview?campaign=c003');
    await card('What components contribute')
      .getByText(/from \d measured candidates and \d+ other measurements/)
      .waitFor();
  });

  test('clearing the filters of the journal keeps the campaign, and the messages of all are one choice away', async () => {
    await open('#/journal?campaign=c001&kind=evt');
    await page.getByRole('link', { name: 'clear' }).click();
    await page.getByRole('link', { name: 'clear' }).waitFor({ state: 'detached' });
    expect(page.url()).toMatch(/#\/journal\?campaign=c001$/);
    const ofOthers = page.locator('.journal').getByRole('link', { name: /^c003-/ });
    await page
      .locator('.journal')
      .getByRole('link', { name: /^c001-/ })
      .first()
      .waitFor();
    expect(await ofOthers.count()).toBe(0);
    await page.locator('select[name="of"]').selectOption({ label: 'all campaigns' });
    await ofOthers.first().waitFor();
    expect(await page.getByLabel('Campaign', { exact: true }).locator('option:checked').textContent()).toContain(
      'c001',
    );
    await page.getByRole('link', { name: 'clear' }).click();
    await ofOthers.first().waitFor({ state: 'detached' });
  });

  test('what is selected in the tree stays in its card, however long the names of its lineage are', async () => {
    await open(`#/tree?campaign=c003&selected=${named?._id}`);
    const selection = card('Selection');
    const inside = await selection.boundingBox();
    const numbers = selection.locator('td.number');
    await numbers.first().waitFor();
    for (const box of await Promise.all((await numbers.all()).map((one) => one.boundingBox())))
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((inside?.x ?? 0) + (inside?.width ?? 0));
    expect(await selection.locator('tr').last().locator('.cut-name > :last-child').textContent()).toBe('-9ef8');
  });

  test('does not show processes as alive of which nothing is heard any more, and says how a laboratory is started', async () => {
    await open('#/overview?campaign=c001');
    await card('Processes').getByText('1 process', { exact: true }).waitFor();
    await dashboard.observatory().stop();
    await card('Processes').getByText('1 process, as when last heard of').waitFor();
    await page.evaluate("location.hash = '#/tree?campaign=c001'");
    await page.getByRole('alert').getByText('asi up starts a laboratory').waitFor();
    await dashboard.startAgain();
    await page.getByRole('heading', { name: 'Tree' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('in a large tree what a gate refused neither wins a name nor widens the scale of the colours', async () => {
    await open('#/tree?campaign=c004');
    const nodes = page.locator('.tree-plot [data-node]');
    await nodes.first().waitFor();
    const tree = await reading.tree('c004');
    expect(tree?.nodes.length).toBeGreaterThan(120);
    expect(await page.locator(`[data-node="${refused?._id}"] text`).count()).toBe(0);
    expect(await page.locator(`[data-node="${refused?._id}"] circle.failed`).count()).toBe(1);
    const counting = (tree?.nodes ?? []).filter(({ state, merit }) => state === 'completed' && merit !== null);
    const base = counting.find(({ name, kind }) => kind === 'baseline' && name === 'delta-net')?.merit ?? Number.NaN;
    const distance = ({ merit }: { merit: number | null }) => Math.abs((merit ?? base) - base);
    const [farthest] = counting.toSorted((a, b) => distance(b) - distance(a));
    const fill = await page.locator(`[data-node="${farthest?.id}"] circle`).getAttribute('fill');
    expect(['rgb(201 112 38)', 'rgb(18 110 96)']).toContain(fill);
  });

  test('no link of an experiment leads to something that is none', async () => {
    await open(`#/experiment/${completed(unanalysed)[1]?._id}`);
    await page.getByText('Compared with', { exact: true }).waitFor();
    const links = page.locator('main a[href^="#/experiment/"]');
    const ids = new Set(
      await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')?.split(/[/?]/)[2] ?? '')),
    );
    expect(ids.size).toBeGreaterThan(0);
    for (const id of ids)
      expect([id, (await fetch(`${dashboard.observatory().url}/api/experiments/${id}`)).status]).toEqual([id, 200]);
    const row = page.locator('tr', { has: page.getByText('baseline', { exact: true }) });
    expect(await row.getByText('delta-net').count()).toBe(1);
  });
});
