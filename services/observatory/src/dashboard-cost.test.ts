import { type CallRecord, catalogue, spendingSchema } from '@asi/contracts';
import type { CallSum, Calls, Reading } from '@asi/reading';
import { insertSampleCampaign, sampleCall, sampleCampaign } from '@asi/reading/testing';
import { artifactsIn, callsIn, type Database } from '@asi/store';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, chromiumRemark } from './testing/chromium.ts';
import { hostileError, hostileProgram, insertSampleCalls } from './testing/insert-sample-calls.ts';
import { type RunningDashboard, startDashboard } from './testing/start-dashboard.ts';

const sample = sampleCampaign({ candidates: 12, wanted: 20 });
Object.assign(sample.campaign.settings.minds, { researcher: 'llm' });
sample.campaign.settings.spending = spendingSchema.parse({
  campaign: { dollars: 1, tokens: 500_000 },
  experiment: { tokens: 60_000 },
  roles: { judge: { tokens: 20_000 } },
  prices: { 'gpt-5-mini': { input: 1, cachedInput: 0.1, output: 8 } },
});
const campaignId = sample.campaign._id;
const idOf = (outcome: string) => String(sample.experiments.find((one) => one.ordinal && one.outcome === outcome)?._id);
const [asked, twin] = [idOf('completed'), idOf('rejected')];
const underWay = String(sample.inflight[0]?._id);
const offline = sampleCampaign({ number: 2, candidates: 2, state: 'finished' });

describe.skipIf(!chromiumPath)(`what language models were asked, in a browser${chromiumRemark}`, () => {
  let dashboard: RunningDashboard;
  let database: Database;
  let reading: Reading;
  let page: Page;
  const problems: string[] = [];
  const fetched: string[] = [];

  beforeAll(async () => {
    dashboard = await startDashboard({
      name: 'dashboard-cost',
      source: 'archive/test',
      prepare: async (laboratory) => {
        for (const one of [sample, offline]) await insertSampleCampaign(laboratory.database, one);
      },
    });
    ({ database, reading, page } = dashboard);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      fetched.push(request.url());
      if (!request.url().startsWith(dashboard.observatory().url)) problems.push(`request to ${request.url()}`);
    });
  });

  afterAll(async () => {
    await dashboard?.stop();
  });

  const open = async (hash: string) => {
    await page.goto(`${dashboard.observatory().url}/${hash}`);
    await page.getByText('Loading …').waitFor({ state: 'detached' });
  };
  const cost = `#/cost?campaign=${campaignId}`;
  const summaryOf = (call: Pick<CallRecord, '_id'>) => page.locator(`li[data-key="${call._id}"] summary`);

  test('says in one sentence that nothing was asked, and why: minds that are offline never ask, others have not yet', async () => {
    await open(`#/cost?campaign=${offline.campaign._id}`);
    await page.getByText('Campaign c002 asks no language model: all its minds are offline.').waitFor();
    expect(await page.locator('main table').count()).toBe(0);
    await open(cost);
    await page.getByText('Campaign c001 has asked no language model yet.').waitFor();
    await open(`#/experiment/${asked}?tab=calls`);
    await page.getByText('No language model was asked for this experiment.').waitFor();
  });

  test('shows the sums of `asi cost --json` by role, model, outcome and question, and how near each cap is', async () => {
    await insertSampleCalls(database, asked, underWay);
    const calls = (await reading.calls(campaignId)) as Calls;
    await open(cost);
    await page.getByRole('table', { name: 'By role' }).waitFor();
    const tables: ReadonlyArray<readonly [name: string, rows: ReadonlyArray<readonly [key: string, sum: CallSum]>]> = [
      ['By role', calls.roles.map(({ role, sum }) => [role, sum])],
      ['By model', calls.models.map(({ model, sum }) => [model, sum])],
      ['By what became of it', calls.outcomes.map((one) => [`${one.outcome}/${one.reason ?? ''}`, one.sum])],
      ['By question', calls.questions.map(({ role, node, sum }) => [`${role}/${node}`, sum])],
    ];
    for (const [name, rows] of tables) {
      const table = page.getByRole('table', { name, exact: true });
      expect(await table.locator('tbody tr').count(), name).toBe(rows.length);
      for (const [key, sum] of rows)
        expect(await numbersOf(table.locator(`tr[data-key="${key}"] td[data-column]`)), `${name}: ${key}`).toEqual([
          sum.calls,
          told(sum.dollars),
          sum.input,
          sum.cached,
          sum.output,
          sum.reasoning,
          sum.failed,
          sum.retries,
          sum.reopenings,
          sum.lost,
        ]);
    }
    const { total } = calls;
    expect(await numbersOf(page.getByRole('region', { name: 'In all' }).locator('dd'))).toEqual([
      ...[told(total.dollars), total.withoutDollars, total.calls, total.answered, total.input, total.cached],
      ...[total.output, total.reasoning, total.underWay, total.failed, total.retries, total.reopenings, total.lost],
    ]);
    expect(calls.caps.map(({ cap }) => cap)).toEqual(['campaign', 'campaign', 'role', 'experiment']);
    for (const { cap, of, unit, limit, spent, inFlight } of calls.caps) {
      const cells = page.locator(`tr[data-key="${cap}/${of}/${unit}"] td[data-column]`);
      const left = Math.max(0, limit - spent - inFlight);
      expect(await numbersOf(cells)).toEqual([limit, spent, inFlight, left].map(unit === 'dollars' ? told : Number));
    }
    for (const remark of calls.remarks) await page.getByText(remark).waitFor();
    expect(calls.remarks.length).toBeGreaterThan(2);
    // What lacks a part must not look whole.
    expect(total.withoutDollars).toBeGreaterThan(0);
    await page.locator('.facts div', { hasText: 'Dollars' }).getByText('≥').waitFor();
  });

  test('counts a call as soon as the journal tells of it, without a reload of the page', async () => {
    await open(cost);
    await page.getByText('live', { exact: true }).waitFor();
    const call = sampleCall(twin, 'late', { model: 'gpt-5-mini', dollars: 0.25 });
    await callsIn(database).insert(call);
    const { atMost: _, announced: __, ...record } = call;
    await reading.bus.publish(catalogue.modelCalled, {
      experimentId: twin as never,
      campaignId,
      data: record as never,
    });
    const row = page.getByRole('table', { name: 'By what became of it' }).locator('tr[data-key="rejected/twin"]');
    await row.getByText('$0.2500').waitFor();
    const total = (await reading.calls(campaignId))?.total;
    expect((await textOf(page.locator('.facts div', { hasText: /^Calls/ }))).match(/\d+/)?.[0]).toBe(
      String(total?.calls),
    );
  });

  test('lists every call of an experiment with the numbers of `asi cost --calls ID --json`', async () => {
    await open(`#/experiment/${asked}?tab=calls`);
    const calls = await reading.callsFor(asked);
    await page.locator('.calls summary').first().waitFor();
    expect(await page.locator('.calls summary').count()).toBe(calls.length);
    for (const call of calls) {
      const { role, node, model, promptVersion, usage, dollars, retries, openings, state, error } = call;
      const cell = (column: string) => summaryOf(call).locator(`[data-column="${column}"]`);
      expect(await textOf(cell('question'))).toBe(`${node}${role}`);
      expect(await textOf(cell('model'))).toContain(model);
      if (promptVersion !== 'none') expect(await textOf(cell('model'))).toContain(promptVersion.slice(0, 12));
      expect(await numbersOf(cell('input').locator('b, small'))).toEqual(usage ? [usage.input, usage.cached] : []);
      expect(await numbersOf(cell('output').locator('b, small'))).toEqual(usage ? [usage.output, usage.reasoning] : []);
      expect(await numbersOf(cell('price'))).toEqual(dollars === null ? [] : [told(dollars)]);
      const seconds = await textOf(cell('seconds'));
      if (state !== 'open') expect(seconds).toContain(call.seconds.toFixed(1));
      if (retries > 0) expect(seconds).toContain(`${retries} retries`);
      if (openings > 1) expect(seconds).toContain(`begun ${openings} times`);
      // Its experiment has ended: what is open will not be answered any more.
      expect(await textOf(cell('outcome'))).toBe(`${state === 'open' ? 'lost' : state}${error ?? ''}`);
    }
    expect(new Set(calls.map(({ state }) => state)).size).toBe(3);
    // As in the sums of `asi cost`: one lacks its price, one a try, one its end.
    await page.locator('.card', { hasText: 'Calls' }).getByText('≥ $').first().waitFor();
  });

  test('reads a prompt and an answer when one asks for it and not before; a program that gives orders stays text', async () => {
    fetched.length = 0;
    await open(`#/experiment/${asked}?tab=calls`);
    const [design, , mend, embed] = await reading.callsFor(asked);
    if (!design || !mend || !embed) throw new Error('the sample has these calls');
    await summaryOf(design).waitFor();
    expect(fetched.filter((url) => url.includes('/artifacts/'))).toEqual([]);
    await summaryOf(design).click();
    const opened = page.locator(`li[data-key="${design._id}"]`);
    await opened.getByRole('region', { name: 'Prompt' }).getByText('You design mixers of tokens.').waitFor();
    const texts = await opened.locator('pre').allTextContents();
    expect(texts).toContain(`The parent:\n${hostileProgram}`);
    // The answer's own fields, with line ends that JSON would hide.
    expect(texts).toContain(hostileProgram);
    await opened.getByRole('region', { name: 'Answer' }).getByText('two-timescales').waitFor();
    await summaryOf(embed).click();
    await page.getByText('8 numbers, as base64').waitFor();
    expect(await textOf(summaryOf(mend))).toContain(hostileError.trim());
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main script, main img').count()).toBe(0);
    // What the reader opened stays open while the page goes on.
    await page.getByText('live', { exact: true }).waitFor();
    await reading.bus.publish(catalogue.pauseCampaign, { experimentId: null, campaignId, data: { campaignId } });
    await page.waitForTimeout(500);
    expect(await opened.locator('pre').first().isVisible()).toBe(true);
  });

  test('shows the answer of a call that the reader has opened before it came', async () => {
    const open = (await reading.callsFor(underWay)).find(({ state }) => state === 'open');
    const stored = await callsIn(database).get(String(open?._id));
    if (!stored) throw new Error('the sample has a call under way');
    await page.goto(`${dashboard.observatory().url}/#/experiment/${underWay}?tab=calls`);
    await page.getByText('live', { exact: true }).waitFor();
    await summaryOf(stored).getByText('under way').waitFor();
    await summaryOf(stored).click();
    const opened = page.locator(`li[data-key="${stored._id}"]`);
    await opened.getByText('There is no answer.').waitFor();
    const answerHash = await artifactsIn(database).put('{"content":"it forgets less"}', 'application/json');
    const { atMost: _, announced: __, ...record } = { ...stored, state: 'answered' as const, answerHash, dollars: 0.5 };
    await callsIn(database).replace({ ...stored, ...record });
    await reading.bus.publish(catalogue.modelCalled, {
      experimentId: underWay as never,
      campaignId,
      data: record as never,
    });
    await opened.getByText('it forgets less').waitFor();
    await summaryOf(stored).getByText('$0.5000').waitFor();
  });

  test('says that a prompt is not there any more, and asks for it again when it is opened again', async () => {
    const lost = sampleCall(twin, 'lost');
    await callsIn(database).insert(lost);
    await open(`#/experiment/${twin}?tab=calls`);
    await summaryOf(lost).click();
    await page.locator(`li[data-key="${lost._id}"]`).getByText('nothing is known at').first().waitFor();
    const askedFor = () => fetched.filter((url) => url.endsWith(`/artifacts/${lost.promptHash}`)).length;
    const before = askedFor();
    await summaryOf(lost).click();
    await summaryOf(lost).click();
    await expect.poll(askedFor).toBe(before + 1);
  });

  test('fits the screen: no page is wider than it, whatever is opened', async () => {
    for (const width of [1280, 800, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await open(cost);
      await page.getByRole('table', { name: 'By role' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), `cost at ${width}`).toBeLessThanOrEqual(
        width,
      );
      await open(`#/experiment/${asked}?tab=calls`);
      await page.locator('.calls summary').first().click();
      await page.getByText('You design mixers of tokens.').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), `calls at ${width}`).toBeLessThanOrEqual(
        width,
      );
    }
  });

  test('made no error, opened no dialog and asked nobody but the observatory', () => {
    expect(problems).toEqual([]);
  });
});

/** Dollars as they are shown. */
const told = (dollars: number): number => Number(dollars.toFixed(dollars !== 0 && dollars < 1 ? 4 : 2));

/** All numbers in these elements, in order. */
const numbersOf = async (cells: Locator): Promise<number[]> =>
  (await cells.allTextContents()).flatMap(
    (text) =>
      text
        .replaceAll('\u202f', '')
        .match(/\d+(\.\d+)?/g)
        ?.map(Number) ?? [],
  );

const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';
