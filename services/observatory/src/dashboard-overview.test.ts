import { experimentIdSchema, trainingProgress } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumPath, chromiumRemark } from './testing/chromium.ts';
import { type RunningDashboard, startDashboard } from './testing/start-dashboard.ts';

const arms = [{ name: 'thinking', minds: { researcher: 'llm' as const } }, { name: 'control' }];
const split = sampleCampaign({ candidates: 40, wanted: 60, arms });
const whole = sampleCampaign({ number: 2, candidates: 4 });
/** Nothing of it is measured yet: it has no pace. */
const young = { ...sampleCampaign({ number: 3, candidates: 0, underWay: 2 }), experiments: [] };
const campaignId = split.campaign._id;
const trained = experimentIdSchema.parse(split.inflight.find(({ view }) => view.state === 'training.running')?._id);

describe.skipIf(!chromiumPath)(`a campaign under way, in a browser${chromiumRemark}`, () => {
  let dashboard: RunningDashboard;
  let reading: Reading;
  let page: Page;

  beforeAll(async () => {
    dashboard = await startDashboard({
      name: 'dashboard-overview',
      source: 'engineer/test',
      prepare: async ({ database }) => {
        for (const sample of [split, whole, young]) await insertSampleCampaign(database, sample);
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
  };

  const timeLeft = () =>
    page.locator('dt', { hasText: 'Time left' }).locator('xpath=following-sibling::dd').textContent();
  const secondsLeft = async (id: string) => {
    const answer = await fetch(`${dashboard.observatory().url}/api/campaigns/${id}/progress`);
    return z.object({ secondsLeft: z.number().nullable() }).parse(await answer.json()).secondsLeft;
  };

  test('tells how each arm stands by the numbers of `asi status --json`, and nothing of a campaign that is not split', async () => {
    await open(`#/overview?campaign=${campaignId}`);
    const standing = page.getByRole('table', { name: 'Standing of the arms' });
    await standing.waitFor();
    const comparison = await reading.arms(campaignId);
    const [first] = comparison?.arms ?? [];
    expect(first?.meanLift).not.toBeNull();
    const signs = (text: string) => text.replaceAll('−', '-');
    for (const { name, settled, candidates, best, meanLift, bestLift } of comparison?.arms ?? []) {
      const cell = async (column: string) =>
        signs((await standing.locator(`tr[data-key="${name}"] td[data-column="${column}"]`).textContent()) ?? '');
      expect(await cell('ended')).toBe(`${settled} of ${candidates}`);
      expect(await cell('best')).toBe(`${best?.merit.toFixed(3)} ${best?.name}`);
      for (const [column, lift] of Object.entries({ meanLift, bestLift })) {
        if (!lift) continue;
        const [value, low, high] = [lift.value, lift.low, lift.high].map((one) => one.toFixed(3));
        expect((await cell(column)).replaceAll('+', ''), column).toBe(`${value} [${low}, ${high}]`);
      }
    }
    await standing.getByText('the control').waitFor();
    await open(`#/overview?campaign=${whole.campaign._id}`);
    await page.getByRole('region', { name: 'Under way' }).waitFor();
    expect(await standing.count()).toBe(0);
  });

  test('says roughly how long a first campaign takes while nothing is measured, from how far its trainings have come', async () => {
    const first = young.inflight.find(({ view }) => view.state === 'training.running');
    if (!first) throw new Error('the sample has one in training');
    await open(`#/overview?campaign=${young.campaign._id}`);
    expect(await timeLeft()).toBe('–');
    const experimentId = experimentIdSchema.parse(first._id);
    const data = {
      experimentId,
      jobId: `${experimentId}-1`,
      phase: 'training',
      task: 'parity',
      share: 0.25,
      samples: [],
    };
    const emitting = setInterval(() => reading.bus.emit(trainingProgress, { experimentId, data }), 100);
    await expect.poll(() => secondsLeft(young.campaign._id)).toBeGreaterThan(0);
    clearInterval(emitting);
    await page.reload();
    expect(await timeLeft()).toMatch(/\d.*estimated/);
  });

  test('does not call a job a training while it waits in the queue of its runner, nor show what an earlier attempt came to', async () => {
    await open(`#/overview?campaign=${campaignId}`);
    const row = page.locator(`tr[data-key="${trained}"]`);
    const samples = [{ task: 'parity', step: 40, steps: 200, loss: 0.6125, gradientNorm: 1, learningRate: 0.001 }];
    const data = { experimentId: trained, jobId: `${trained}-1`, phase: 'training', task: 'parity', samples };
    const emitting = setInterval(() => reading.bus.emit(trainingProgress, { experimentId: trained, data }), 100);
    await row.getByText('40/200').waitFor();
    clearInterval(emitting);
    await row.getByText('training.running').waitFor();
    // Its program was changed and is to be trained again: the director does not hear of it.
    const since = new Date().toISOString();
    const announced = await reading.bus.announce(() => ({
      role: 'engineer',
      instance: 'test',
      version: '1.0.0',
      state: 'ready.working',
      tasks: [{ experimentId: trained, state: 'training.queued', since }],
      handled: 0,
      failed: 0,
      deadLetters: 0,
      startedAt: since,
      memoryBytes: 1e6,
      details: {},
    }));
    await row.getByText('training.queued').waitFor();
    expect(await row.textContent()).not.toContain('40/200');
    await open(`#/experiment/${trained}`);
    await page.locator('.head').getByText('training.queued').waitFor();
    await announced.stop();
    await page.locator('.head').getByText('training.running').waitFor();
  });
});
