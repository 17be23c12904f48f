import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { openReading, type Reading } from '@asi/reading';
import { type Database, openDatabase } from '@asi/store';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type RunningObservatory, startObservatory } from './start-observatory.ts';

type Laboratory = { readonly folder: string; readonly database: Database; readonly reading: Reading };

type Options = {
  readonly name: string;
  /** What is there before the observatory starts. */
  readonly prepare: (laboratory: Laboratory) => Promise<void>;
  readonly width?: number;
  /** `role/instance` of what the test says on the bus. */
  readonly source?: string;
  /** Name of the file in the folder where lab would say what it knows of its processes. */
  readonly stackFile?: string;
};

/** The dashboard of real servers, in a real browser. */
export type RunningDashboard = Laboratory & {
  readonly page: Page;
  /** The one that runs now. */
  observatory(): RunningObservatory;
  /** Starts it once more, at the address of the one that was stopped. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
};

export async function startDashboard({
  name,
  prepare,
  width = 1280,
  source = 'lab/test',
  stackFile,
}: Options): Promise<RunningDashboard> {
  const started: Array<() => Promise<unknown>> = [];
  const stop = async () => {
    for (const end of started.toReversed()) await end();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), `asi-${name}-`));
    started.push(() => rm(folder, { recursive: true, force: true }));
    const servers = await startEmbeddedServers({ home: join(folder, 'servers') });
    started.push(() => servers.stop());
    const database = await openDatabase(servers.mongodbUrl);
    started.push(() => database.close());
    const reading = await openReading({ ...servers, source });
    started.push(() => reading.close());
    await prepare({ folder, database, reading });
    const options = { ...servers, folder, ...(stackFile ? { stackFile: join(folder, stackFile) } : {}) };
    let observatory = await startObservatory(options);
    started.push(() => observatory.stop());
    const browser = await launchChromium();
    started.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    return {
      folder,
      database,
      reading,
      page,
      observatory: () => observatory,
      startAgain: async () => {
        observatory = await startObservatory({ ...options, port: Number(new URL(observatory.url).port) });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
