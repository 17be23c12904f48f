import { type Clock, terminal } from '@asi/contracts';
import type { FinishedEvent } from '@asi/runner-client';
import pino from 'pino';
import { slotsOf, startRunnerService } from '../runner.ts';
import { createRecordedExecutor, type RecordedExecutorOptions } from './recorded-executor.ts';
import { endOf, type RecordedJob, type RecordedJobs, readEvents } from './recorded-jobs.ts';

export type RecordedRunnerOptions = RecordedExecutorOptions & {
  /** Folder of its own ledger. */
  readonly home: string;
  /** Training jobs at the same time. */
  readonly slots: number;
  /** Whose results the record holds: yardsticks name it. */
  readonly trainerVersion: string;
  readonly clock: Clock;
};

export type RecordedRunner = { readonly url: string; stop(): Promise<void> };

/**
 * The real service, ledger and queue around an executor that answers from the record of other runners. It gives itself out
 * for the one that measured last, so that whoever asks sees the trainer and the isolation of then.
 * @throws terminal `no-recorded-jobs`
 */
export async function startRecordedRunner(options: RecordedRunnerOptions): Promise<RecordedRunner> {
  const { home, slots, jobs, trainerVersion, clock } = options;
  const { provenance } = newestTraining(jobs);
  const specs = [...jobs.values()].map(({ spec }) => spec);
  const { isolationTier: tier, isolationHash: hash, recipe } = provenance;
  const runner = await startRunnerService({
    address: '127.0.0.1:0',
    home,
    slots: slotsOf(slots),
    isolation: { tier, recipe, hash, probes: [], note: 'as recorded' },
    offer: {
      suites: [...new Set(specs.map(({ suite }) => suite))],
      builtins: [...new Set(specs.flatMap(({ program }) => (program.origin === 'builtin' ? [program.builtin] : [])))],
      devices: devicesOf(jobs),
      versions: { ...provenance.versions, trainer: trainerVersion },
    },
    executor: () => createRecordedExecutor(options),
    clock,
    log: pino({ level: 'silent' }),
    // It is made anew from the record whenever it is wanted.
    durable: false,
  });
  return { url: `grpc://${runner.address}`, stop: runner.stop };
}

/** What an engineer tries before a training depends on it, so it must be told what was told then. */
const devicesOf = (jobs: RecordedJobs): Array<'cpu' | 'cuda'> =>
  [...jobs.values()].some(({ spec, device }) => device === 'cuda' || spec.device === 'cuda')
    ? ['cpu', 'cuda']
    : ['cpu'];

function newestTraining(jobs: RecordedJobs): FinishedEvent {
  const isLater = (one: RecordedJob, other: RecordedJob) => one.finishedAt > other.finishedAt;
  let newest: RecordedJob | null = null;
  for (const job of jobs.values())
    if (job.spec.kind === 'train' && (newest === null || isLater(job, newest))) newest = job;
  const finished = newest && endOf(readEvents(newest.folder));
  if (finished) return finished;
  throw terminal(
    'no-recorded-jobs',
    'the ledgers of the runners hold no training of this campaign: say where they are with --ledgers FOLDER, the folder that holds ASI_RUNNER_HOME of each runner',
  );
}
