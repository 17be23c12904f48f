import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The real browser of this machine; undefined where there is none. */
export const chromiumPath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  process.env.ASI_TEST_CHROMIUM,
]
  .filter((path) => path !== undefined)
  .find((path) => existsSync(path));

/** For the name of tests that are skipped without it. */
export const chromiumRemark = chromiumPath ? '' : ' (skipped: no chromium; install it or set ASI_TEST_CHROMIUM)';

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath ? { executablePath: chromiumPath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
