import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunnerUnderTest } from '@asi/runner-client/contract-suite';
import { type StartRunnerOptions, startRunner } from './start-runner.ts';

/** A runner that the contract suite can kill and start again on the same ledger and port. */
export const startRestartable = async (options: StartRunnerOptions): Promise<RunnerUnderTest> => {
  const home = mkdtempSync(join(tmpdir(), 'asi-runner-contract-'));
  let runner = await startRunner({ ...options, home });
  const address = runner.url.replace('grpc://', '');
  return {
    url: runner.url,
    restart: async () => {
      await runner.kill();
      runner = await startRunner({ ...options, home, address });
    },
    stop: async () => {
      await runner.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
