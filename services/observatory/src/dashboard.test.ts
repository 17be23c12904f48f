import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, experimentIdSchema, filterFor, terminal, trainingProgress } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { type Leaderboard, openReading, type Reading } from '@asi/reading';
import { insertSampleCampaign, publishSampleJournal, sampleCampaign } from '@asi/reading/testing';
import { type Database, openDatabase } from '@asi/store';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningObservatory, startObservatory } from './testing/start-observatory.ts';

const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  process.env.ASI_TEST_CHROMIUM,
]
  .filter((path) => path !== undefined)
  .find((path) => existsSync(path));
const hostileName = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';
const sample = sampleCampaign({ candidates: 14, wanted: 20, hostileName });
const campaignId = sample.campaign._id;

describe.skipIf(!executablePath)(
  `the dashboard in a browser${executablePath ? '' : ' (skipped: no chromium; install it or set ASI_TEST_CHROMIUM)'}`,
  () => {
    let folder: string;
    let servers: EmbeddedServers;
    let database: Database;
    let reading: Reading;
    let observatory: RunningObservatory;
    let browser: Browser;
    let page: Page;
    const problems: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'asi-dashboard-'));
      servers = await startEmbeddedServers({ home: join(folder, 'servers') });
      database = await openDatabase(servers.mongodbUrl);
      reading = await openReading({ ...servers, source: 'lab/test' });
      observatory = await startObservatory({ ...servers, folder });
      browser = await chromium.launch({
        ...(executablePath ? { executablePath } : {}),
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      });
      page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(observatory.url)) problems.push(`request to ${request.url()}`);
      });
    });

    afterAll(async () => {
      await browser?.close();
      await observatory?.stop();
      await reading?.close();
      await database?.close();
      await servers?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const open = async (hash: string) => {
      await page.goto(`${observatory.url}/${hash}`);
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

    test('shows the numbers of `asi leaderboard --json`, each with its noise, and sorts them', async () => {
      await open('#/leaderboard?columns=tasks');
      const board = (await reading.leaderboard(campaignId)) as Leaderboard;
      await page.locator('tbody tr').first().waitFor();
      expect(await page.locator('table[aria-label="Results by fitness"] tbody tr').count()).toBe(board.rows.length);
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
      expect(await textOf(page.locator('[data-field="prediction"]'))).toContain(
        String(record?.analysis?.predictionHeld),
      );
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
      expect(new Set(await page.locator('.journal summary > :nth-child(4)').allTextContents())).toEqual(
        new Set(['cmd']),
      );
    });

    test('shows a message that nobody could handle as a dead letter, with the reason', async () => {
      const consumption = await reading.bus.consume({
        durable: 'analyst_test',
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
    });

    test('says that the connection is lost, and catches up without a reload when the observatory is back', async () => {
      await open('#/journal?kind=cmd');
      await page.getByText('live', { exact: true }).waitFor();
      await observatory.kill();
      await page.getByText('reconnecting').waitFor();
      const missed = await reading.bus.publish(catalogue.pauseCampaign, {
        experimentId: null,
        campaignId,
        data: { campaignId },
      });
      observatory = await startObservatory({ ...servers, folder, port: Number(new URL(observatory.url).port) });
      await page.getByText('live', { exact: true }).waitFor();
      await page.locator('.journal .sequence').getByText(String(missed.sequence), { exact: true }).waitFor();
    });

    test('made no error, opened no dialog and asked nobody but the observatory', () => {
      expect(problems).toEqual([]);
    });
  },
);

const round = (value: number | null | undefined, digits = 3) => Number((value ?? Number.NaN).toFixed(digits));

/** All text of an element, also what is scrolled or folded away. */
const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';
