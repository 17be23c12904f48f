import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { reportStyle } from './style.ts';
import { intervalChart } from './svg/interval-chart.ts';

const executablePath = process.env.ASI_TEST_CHROMIUM ?? '/usr/bin/chromium';

test.skipIf(!existsSync(executablePath))('the names and numbers of a plot can be read on a phone', async () => {
  const effect = { label: 'decay=scalar-gated', value: 0.1, low: -0.1, high: 0.3, note: 'n = 3' };
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage({ viewport: { width: 420, height: 900 } });
  await page.setContent(
    `<meta name="viewport" content="width=device-width"><style>${reportStyle}</style><main>${intervalChart('Effect on merit', 'difference in merit', [effect]).markup}</main>`,
  );
  const heights = await page
    .locator('svg text')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  const width = await page.evaluate('document.documentElement.scrollWidth');
  await browser.close();
  expect(Math.min(...heights)).toBeGreaterThan(9);
  expect(width).toBe(420);
});
