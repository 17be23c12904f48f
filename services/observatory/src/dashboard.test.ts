import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue, experimentIdSchema, filterFor, terminal, trainingProgress } from '@asi/contracts';
import type { Leaderboard, Reading } from '@asi/reading';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import type { Database } from '@asi/store';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announceWaiting } from './testing/announce-waiting.ts';
import { chromiumPath, chromiumRemark } from './testing/chromium.ts';
import { round, secondsIn, textOf } from './testing/read-page.ts';
import { type RunningDashboard, startDashboard } from './testing/start-dashboard.ts';
import { supervised } from './testing/supervised.ts';

const hostileName = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';
const arms = [{ name: 'thinking', minds: { researcher: 'llm' as const } }, { name: 'control' }];
const sample = sampleCampaign({ candidates: 14, wanted: 20, hostileName, arms });
const campaignId = sample.campaign._id;
// As after two seeds that lie far apart: an interval reaches many times around what fitness can be.
if (sample.campaign.reference) sample.campaign.reference.noise.degreesOfFreedom = 1;
for (const [index, one] of sample.experiments.entries())
  if (one.kind === 'baseline' && one.judgement) one.judgement.total = 1 + 9 * (index % 2);

const [stateless] = sample.experiments.filter(({ kind, measurement }) => kind === 'candidate' && measurement);
if (stateless?.measurement) stateless.measurement.stateSize = null;
// The widest rows that there are: a long name, in its second attempt.
for (const { view } of sample.inflight)
  Object.assign(view, { attempt: 2, name: 'vector-gated-channel-delta-short-convolution-router-9ef8' });
describe.skipIf(!chromiumPath)(`the dashboard in a browser${chromiumRemark}`, () => {
  let dashboard: RunningDashboard;
  let database: Database;
  let reading: Reading;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    dashboard = await startDashboard({
      name: 'dashboard',
      width: 1400,
      stackFile: 'stack.json',
      prepare: ({ folder }) => writeFile(join(folder, 'stack.json'), JSON.stringify(supervised(0))),
    });
    ({ database, reading, page } = dashboard);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
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
  const cell = (row: string, column: string) => page.locator(`tr[data-key="${row}"] td[data-column="${column}"]`);

  test('tells how to begin while there is no campaign, and shows one that starts without a reload', async () => {
    await open('#/overview');
    await page.getByText('No campaign yet').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await insertSampleCampaign(database, sample);
    await publishSampleJournal(reading.bus, sample);
    await page.getByRole('heading', { name: 'sample' }).waitFor();
    const progress = await reading.progress(campaignId);
    expect(await textOf(page.locator('.facts dd').first())).toBe(
      `${progress?.candidates.completed} of ${progress?.candidates.wanted}`,
    );
  });

  test('draws fitness within [0, 1], where it lies, however noisy the seeds are', async () => {
    await open('#/overview');
    const ticks = page.locator('[data-key="history"] text.tick[text-anchor="end"]');
    await ticks.first().waitFor();
    for (const text of await ticks.allTextContents()) {
      expect(Number(text.replace('−', '-'))).toBeGreaterThanOrEqual(0);
      expect(Number(text.replace('−', '-'))).toBeLessThanOrEqual(1);
    }
    const band = await page.locator('[data-key="history"] rect.band').first().boundingBox();
    const rules = await page
      .locator('[data-key="history"] line.grid')
      .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().y));
    expect(band?.y).toBeCloseTo(Math.min(...rules), 0);
    expect((band?.y ?? 0) + (band?.height ?? 0)).toBeCloseTo(Math.max(...rules), 0);
  });

  test('shows the numbers of `asi leaderboard --json`, each with its noise, and sorts them', async () => {
    await open('#/leaderboard?columns=tasks');
    const board = (await reading.leaderboard(campaignId)) as Leaderboard;
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('table[aria-label="Results by fitness"] tbody tr').count()).toBe(board.rows.length);
    await page.getByText('1 degree of freedom', { exact: false }).waitFor();
    for (const row of board.rows) {
      const shown = async (column: string) =>
        (await textOf(cell(row.id, column))).replaceAll('−', '-').replaceAll('\u202f', '');
      const numbers = async (column: string) => (await shown(column)).match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
      expect(await numbers('fitness')).toEqual([round(row.fitness), round(row.noise?.fitness)]);
      expect(await numbers('merit')).toEqual([round(row.merit), round(row.noise?.merit)]);
      expect(await numbers('loss')).toEqual([round(row.languageModelLoss), round(row.noise?.languageModelLoss)]);
      expect(await numbers('battery')).toEqual([round(row.battery), round(row.noise?.battery)]);
      expect(await numbers('difference')).toEqual(
        row.difference
          ? [row.difference.value, row.difference.low, row.difference.high].map((value) => round(value))
          : [],
      );
      expect(await numbers('parameters')).toEqual([row.parameters]);
      for (const [task, score] of Object.entries(row.tasks)) {
        if (score.metric === 'accuracy')
          expect(await numbers(`task.${task}`)).toEqual([round(score.value, 2), round(score.noise, 2)]);
      }
      expect((await textOf(cell(row.id, 'mark'))).includes('provisional')).toBe(row.provisional);
    }
    await page.getByRole('link', { name: 'LM loss' }).click();
    await page.locator('th[aria-sort="ascending"]').waitFor();
    const losses = board.rows.map((row) => row.languageModelLoss).sort((a, b) => a - b);
    const first = await textOf(page.locator('td[data-column="loss"]').first());
    expect(Number.parseFloat(first)).toBe(round(losses[0]));
    expect(page.url()).toContain('sort=loss');
  });

  test('marks a flagged program on the leaderboard and on its own page, and a difference that fresh seeds took back', async () => {
    await open('#/leaderboard');
    const board = (await reading.leaderboard(campaignId)) as Leaderboard;
    await page.locator('tbody tr').first().waitFor();
    for (const { id, flags } of board.rows)
      expect((await textOf(cell(id, 'mark'))).includes('flagged'), id).toBe((flags ?? []).length > 0);
    const flagged = board.rows.find(({ flags }) => flags?.length);
    expect(await textOf(page.locator('[data-field="flagged"]'))).toContain('state hygiene');
    await open(`#/experiment/${flagged?.id}`);
    const mark = page.locator('.head .chip', { hasText: 'flagged' });
    await mark.waitFor();
    expect(await mark.getAttribute('title')).toContain('state hygiene');
    await page.getByText('self.calls counts the calls').waitFor();
    const plain = board.rows.find(({ kind, flags }) => kind === 'candidate' && flags?.length === 0);
    await open(`#/experiment/${plain?.id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await mark.count()).toBe(0);
    const difference = { value: 0.501, low: 0.007, high: 0.995, verdict: 'inside-noise' };
    const changed = { ...board, rows: board.rows.map((row) => (row.id === plain?.id ? { ...row, difference } : row)) };
    const address = '**/leaderboard';
    await page.route(address, (route) => route.fulfill({ json: changed }));
    await open('#/leaderboard');
    await cell(String(plain?.id), 'verdict').getByText('not shown again').waitFor();
    await page.unroute(address);
  });

  test('compares the arms as `asi leaderboard --json` does, and says what is not known', async () => {
    await open('#/leaderboard');
    const comparison = await reading.arms(campaignId);
    const cells = page.locator('table[aria-label="Arms of the campaign"] tbody td');
    await cells.first().waitFor();
    const told = (await cells.allTextContents()).join(' ');
    for (const { name, minds, candidates, measured } of comparison?.arms ?? [])
      expect(told).toContain([name, minds.researcher, candidates, measured].join(' '));
    expect(comparison?.arms[0]?.meanLift).toBeNull();
    await page.getByText('not known: under 8 measured').first().waitFor();
    const board = (await reading.leaderboard(campaignId)) as Leaderboard;
    for (const { id, arm } of board.rows) expect(await textOf(cell(id, 'arm'))).toBe(arm ?? '');
  });

  test('fits a phone: no page is wider than the screen, and every view can be reached', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const hash of ['overview', 'leaderboard', 'tree', 'cost', 'journal', 'experiment/c001-0001']) {
      await open(`#/${hash}`);
      await page.getByText('live', { exact: true }).waitFor();
      // The widest that a page is: with messages in it.
      if (hash === 'overview' || hash === 'journal') await page.locator('.journal li').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), hash).toBeLessThanOrEqual(390);
      for (const view of ['Overview', 'Leaderboard', 'Tree', 'Cost', 'Journal']) {
        const box = await page.getByRole('navigation').getByRole('link', { name: view }).boundingBox();
        expect((box?.x ?? Infinity) + (box?.width ?? 0), `${view} on ${hash}`).toBeLessThanOrEqual(390);
      }
    }
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('names every failure with its reason', async () => {
    await open('#/leaderboard');
    const failures = (await reading.failures(campaignId)) ?? [];
    expect(failures.length).toBeGreaterThan(0);
    for (const { id, code, message } of failures) {
      const text = await textOf(page.locator(`tr[data-key="${id}"]`));
      expect(text).toContain(code);
      expect(text).toContain(message);
    }
  });

  test('shows what an untrusted mind wrote as text and runs none of it', async () => {
    for (const hash of [
      '#/leaderboard',
      '#/tree',
      '#/experiment/c001-0002',
      '#/experiment/c001-0002?tab=code',
      '#/journal',
    ]) {
      await open(hash);
      await page.getByText('<script>').first().waitFor({ state: 'attached' });
    }
    await open('#/experiment/c001-0002');
    expect(await textOf(page.getByRole('heading', { level: 1 }))).toBe(hostileName);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main script, main img').count()).toBe(0);
  });

  test('draws every experiment of the tree; a click selects it and the address keeps the selection', async () => {
    await open('#/tree');
    const tree = await reading.tree(campaignId);
    expect(await page.locator('[data-node]').count()).toBe(tree?.nodes.length);
    const child = tree?.nodes.find((node) => node.parentId !== null && node.merit !== null);
    await page.locator(`[data-node="${child?.id}"] circle`).click();
    await page.getByRole('region', { name: 'Selection' }).getByText(String(child?.id), { exact: true }).waitFor();
    expect(page.url()).toContain(`selected=${child?.id}`);

    await page.getByRole('link', { name: 'Show only its ancestors and descendants' }).click();
    await page.getByRole('link', { name: 'Show the whole tree' }).waitFor();
    const parentOf = new Map(tree?.nodes.map((node) => [node.id, node.parentId]));
    const descends = (from: string, to: string) => {
      for (let id: string | null = from; id !== null; id = parentOf.get(id) ?? null) if (id === to) return true;
      return false;
    };
    const family = tree?.nodes.filter(({ id }) => descends(id, String(child?.id)) || descends(String(child?.id), id));
    expect(await page.locator('[data-node]').count()).toBe(family?.length);
    expect(family?.length).toBeLessThan(tree?.nodes.length ?? 0);
  });

  test('shows the idea, whether the prediction held, the code and the messages of an experiment in order', async () => {
    const record = sample.experiments.find((one) => one.analysis && one.design?.prediction);
    await open(`#/experiment/${record?._id}`);
    expect(await textOf(page.locator('[data-field="motivation"]'))).toBe(record?.design?.motivation);
    expect(await textOf(page.locator('[data-field="prediction"]'))).toContain(String(record?.analysis?.predictionHeld));
    const curves = await reading.curves(String(record?._id));
    expect(await page.locator('figure.chart').count()).toBe(Object.keys(curves ?? {}).length);

    await page.getByRole('link', { name: 'Code', exact: true }).click();
    const source = sample.artifacts.find(({ body }) => body.includes('class Mixer'));
    await page.getByLabel('Source').waitFor();
    expect(await textOf(page.getByLabel('Source'))).toContain('class Mixer');
    expect(source).toBeDefined();

    await page.getByRole('link', { name: 'Messages', exact: true }).click();
    await page.locator('.journal li').first().waitFor();
    const sequences = (await page.locator('.journal .sequence').allTextContents()).map(Number);
    const expected = [];
    for await (const line of reading.journal({ experimentId: String(record?._id) })) expected.push(line.sequence);
    expect(sequences).toEqual(expected);
    await page.locator('.journal summary').nth(1).click();
    await page.locator('.journal details[open] pre').getByText('"traceparent"').waitFor();
    expect(await textOf(page.locator('.journal details[open] .detail'))).toContain(`Caused by ${sequences[0]}`);
  });

  test('shows live training values, and new messages by their filter', async () => {
    const experimentId = experimentIdSchema.parse(sample.inflight[0]?._id);
    await open('#/overview');
    await page.getByText('live', { exact: true }).waitFor();
    const samples = [{ task: 'parity', step: 40, steps: 200, loss: 0.6125, gradientNorm: 1, learningRate: 0.001 }];
    const data = { experimentId, jobId: `${experimentId}-1`, phase: 'training', task: 'parity', samples };
    const emitting = setInterval(() => reading.bus.emit(trainingProgress, { experimentId, data }), 100);
    await page.locator(`[data-live-loss="${experimentId}"]`).getByText('0.613').waitFor();
    clearInterval(emitting);
    await page.locator('[data-state-of="observatory"]').getByText('ready').waitFor();

    await open('#/journal?kind=cmd');
    await page.getByText('live', { exact: true }).waitFor();
    const pause = await reading.bus.publish(catalogue.pauseCampaign, {
      experimentId: null,
      campaignId,
      data: { campaignId },
    });
    await page.locator('.journal .sequence').getByText(String(pause.sequence), { exact: true }).waitFor();
    expect(new Set(await page.locator('.journal summary > :nth-child(4)').allTextContents())).toEqual(new Set(['cmd']));
    await open('#/journal?campaign=c999');
    await page.getByText('There is no campaign c999.').waitFor();
  });

  test('cuts nothing off: no table of the overview is wider than its card, with attempts and training values in it', async () => {
    const experimentId = experimentIdSchema.parse(sample.inflight[0]?._id);
    const task = 'associative-recall';
    const samples = [{ task, step: 1240, steps: 2000, loss: 0.6125, gradientNorm: 1, learningRate: 0.001 }];
    const data = { experimentId, jobId: `${experimentId}-1`, phase: 'training', task, samples };
    const emitting = setInterval(() => reading.bus.emit(trainingProgress, { experimentId, data }), 100);
    for (const width of [1200, 1280, 1400, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await open('#/overview');
      await page.getByText('1240/2000').waitFor();
      await page.locator('[data-state-of="gpu-runner"]').waitFor();
      expect(await page.getByText('attempt 2').count()).toBe(sample.inflight.length);
      const tables = page.locator('.table-scroll');
      const widths = await tables.evaluateAll((all) => all.map((one) => [one.scrollWidth, one.clientWidth]));
      expect(widths.length).toBeGreaterThanOrEqual(2);
      for (const [needed = 0, there = 0] of widths) expect(needed, `at ${width}`).toBeLessThanOrEqual(there);
      const name = await page.locator(`tr[data-key="${experimentId}"] td.name`).boundingBox();
      expect(name?.width).toBeGreaterThan(90);
      const end = page.locator(`tr[data-key="${experimentId}"] td.name a .cut-name > :last-child`);
      expect(await textOf(end)).toBe('-9ef8');
      const box = await end.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), `at ${width} the end of a name is cut`).toBeLessThanOrEqual(
        (name?.x ?? 0) + (name?.width ?? 0),
      );
      expect(await page.locator(`tr[data-key="${experimentId}"] td.name a`).getAttribute('title')).toContain(
        `(${experimentId})`,
      );
    }
    clearInterval(emitting);
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test('shows processes that are on no bus, why one is down, and how often each was started again', async () => {
    await open('#/overview');
    const processes = page.getByRole('region', { name: 'Processes' });
    await processes.getByText('backing-off').waitFor();
    await processes.getByText('the port of the runner is taken').waitFor();
    expect(await textOf(page.locator('[data-restarts-of="gpu-runner"]'))).toBe('7');
    expect(await textOf(page.locator('[data-restarts-of="observatory"]'))).toBe('0');
    await writeFile(join(dashboard.folder, 'stack.json'), JSON.stringify(supervised(31)));
    await page.locator('[data-restarts-of="observatory"]').getByText('31', { exact: true }).waitFor();
  });

  test('says which endpoint a role waits for and why, in the words of the endpoint, which are no markup', async () => {
    const waiting = await announceWaiting(reading.bus, { endpoint: 'models.example:443', reason: hostileName });
    await open('#/overview');
    await page.getByText(`waits for models.example:443: ${hostileName}, since`).waitFor();
    await waiting.stop();
  });

  test('names one cost with its parts as `asi status --json` does, and every training of an experiment', async () => {
    await open('#/overview');
    const { total } = (await reading.costs(campaignId)) ?? {};
    if (!total) throw new Error('the sample has costs');
    const shown = await textOf(page.locator('.facts div', { hasText: 'Spent' }));
    const { cpuSeconds, unmeasured, certificates } = total;
    expect(unmeasured.trainings).toBeGreaterThan(0);
    expect(secondsIn(shown)).toEqual(
      [total.spentSeconds, cpuSeconds, unmeasured.seconds, certificates.cpuSeconds].map(Math.round),
    );
    expect(shown).toContain(`${unmeasured.trainings} without result at most`);

    const failed = String(sample.experiments.find(({ outcome }) => outcome === 'failed')?._id);
    const spent = (await reading.experiment(failed))?.spent;
    await open(`#/experiment/${failed}`);
    const rows = page.locator('table[aria-label="Trainings"] tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(spent?.trainings.length);
    const [training] = spent?.trainings ?? [];
    expect(training).toMatchObject({ end: 'without-result', code: expect.any(String) });
    expect(await textOf(rows.first())).toContain(String(training?.code));
  });

  test('says that the size of a state is unknown, not how many elements nothing has', async () => {
    await open(`#/experiment/${stateless?._id}`);
    const state = page.locator('.facts div', { hasText: /^State/ });
    await state.waitFor();
    expect(await textOf(state)).toMatch(/unknown$/);
  });

  test('shows a message that nobody could handle as a dead letter, with the reason, counted as `asi status` does', async () => {
    const consumption = await reading.bus.consume({
      durable: 'observatory_test',
      filters: [filterFor('cmd', 'director', 'pause-campaign')],
      concurrency: 1,
      handle: async () => {
        throw terminal('cannot-be-handled', 'the campaign of <b>this</b> message is unknown');
      },
    });
    await open('#/overview');
    const letters = page.getByRole('region', { name: 'Dead letters' });
    await letters.getByText('cannot-be-handled').first().waitFor();
    await letters.getByText('the campaign of <b>this</b> message is unknown').first().waitFor();
    await consumption.stop();
    const { deadLetterCounts, processes } = await reading.status();
    const all = deadLetterCounts.observatory ?? 0;
    expect(all).toBeGreaterThan(0);
    // Its own count is another number: the process that gave these up is not the one that answers.
    expect(processes.find(({ role }) => role === 'observatory')?.deadLetters).toBe(0);
    await page.locator('[data-dead-letters-of="observatory"]').getByText(String(all), { exact: true }).waitFor();
    await letters.getByText(`nobody could handle: ${all}`).waitFor();
  });

  test('says that the connection is lost, and catches up without a reload when the observatory is back', async () => {
    await open('#/journal?kind=cmd');
    await page.getByText('live', { exact: true }).waitFor();
    await dashboard.observatory().kill();
    await page.getByText('reconnecting').waitFor();
    const missed = await reading.bus.publish(catalogue.pauseCampaign, {
      experimentId: null,
      campaignId,
      data: { campaignId },
    });
    await dashboard.startAgain();
    await page.getByText('live', { exact: true }).waitFor();
    await page.locator('.journal .sequence').getByText(String(missed.sequence), { exact: true }).waitFor();
  });

  test('made no error, opened no dialog and asked nobody but the observatory', () => {
    expect(problems).toEqual([]);
  });
});
