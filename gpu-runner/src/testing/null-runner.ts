import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, hashJson, systemClock } from '@asi/contracts';
import type { JobSpec } from '@asi/runner-client';
import pino from 'pino';
import { slotsOf, startRunnerService } from '../runner.ts';
import { createNullExecutor, nullVersions } from './null-executor.ts';

export type NullRunnerOptions = {
  /** Ledger folder; default: a new temporary folder, removed by `stop`. */
  home?: string;
  /** host:port. Default 127.0.0.1:0. */
  address?: string;
  slots?: number;
  /** How long a job occupies its slot; a job's label `null-delay-milliseconds` overrides it. Default 0. */
  delayMilliseconds?: number;
  /** Sync every submission and end to disk, as the real runner does. Default true. */
  durable?: boolean;
  clock?: Clock;
  logLevel?: string;
};

export type NullRunner = { url: string; home: string; stop: () => Promise<void> };

/**
 * The real service, ledger and queue around an executor that trains nothing: for orchestration benches and crash tests. Its results follow
 * from the program's text and the seed, and its versions say `null`. What it cannot show: times, failures of programs, isolation.
 */
export const startNullRunner = async (options: NullRunnerOptions = {}): Promise<NullRunner> => {
  const temporary = options.home === undefined;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'asi-null-runner-'));
  const delayMilliseconds = ({ labels }: JobSpec): number =>
    Number(labels['null-delay-milliseconds'] ?? options.delayMilliseconds ?? 0);
  const runner = await startRunnerService({
    address: options.address ?? '127.0.0.1:0',
    home,
    slots: slotsOf(options.slots ?? 1),
    isolation: {
      tier: 0,
      recipe: 'null',
      probes: [],
      note: 'a null runner runs no program',
      hash: hashJson({ tier: 0, recipe: 'null' }),
    },
    offer: {
      suites: ['cpu-quick', 'cpu-full', 'cpu-smoke'],
      builtins: ['delta-net', 'gated-delta-net', 'mamba2', 'linear-attention', 'softmax-attention'],
      devices: ['cpu'],
      versions: nullVersions,
    },
    executor: () => createNullExecutor({ delayMilliseconds }),
    clock: options.clock ?? systemClock,
    log: pino({ level: options.logLevel ?? 'silent' }),
    durable: options.durable ?? true,
  });
  return {
    url: `grpc://${runner.address}`,
    home,
    stop: async () => {
      await runner.stop();
      if (temporary) rmSync(home, { recursive: true, force: true });
    },
  };
};
