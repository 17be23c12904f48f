import { sampleCampaign, sampleScores } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { historySection } from './history-section.ts';

test('fitness lies in [0, 1]: neither the axis nor a band leaves it, however wide an interval from few seeds is', () => {
  const sample = sampleCampaign();
  // Two seeds that lie far apart: the interval reaches many times around what fitness can be.
  if (sample.campaign.reference) sample.campaign.reference.noise.degreesOfFreedom = 1;
  for (const [index, one] of sample.experiments.entries())
    if (one.kind === 'baseline' && one.judgement) one.judgement.total = 1 + 9 * (index % 2);
  const [figure = ''] = historySection(sampleScores(sample)).markup.split('</figure>');
  const ticks = [...figure.matchAll(/text-anchor="end"[^>]*>([^<]+)</g)].map(([, text]) => Number(text));
  expect([Math.min(...ticks), Math.max(...ticks)]).toEqual([0, 1]);
  const bands = [...figure.matchAll(/class="band[^>]* y="([\d.-]+)" height="([\d.-]+)"/g)];
  expect(bands.length).toBeGreaterThan(0);
  const rules = [...figure.matchAll(/class="grid"[^>]* y1="([\d.-]+)"/g)].map(([, y]) => Number(y));
  for (const [, top, height] of bands) {
    expect(Number(top)).toBeGreaterThanOrEqual(Math.min(...rules));
    expect(Number(top) + Number(height)).toBeLessThanOrEqual(Math.max(...rules) + 0.2);
  }
});

test('nobody finishes as number one and a half: places on the axis are whole, however few they are', () => {
  for (const candidates of [1, 2, 3, 5, 12]) {
    const { markup } = historySection(sampleScores(sampleCampaign({ candidates })));
    const ticks = [...markup.matchAll(/class="tick" text-anchor="middle"[^>]*>([^<]+)</g)].map(([, text]) => text);
    expect(ticks.length).toBeGreaterThan(0);
    for (const text of ticks) expect(text).toMatch(/^\d+$/);
  }
});
