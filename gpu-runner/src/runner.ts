import { type Clock, terminal } from '@asi/contracts';
import { type Capabilities, type Isolation, type JobKind, type JobSpec, runnerError } from '@asi/runner-client';
import type { Logger } from 'pino';
import { type JobLedger, openJobLedger } from './ledger/job-ledger.ts';
import { lockLedger } from './ledger/ledger-lock.ts';
import { recoverJobs } from './ledger/recover-jobs.ts';
import type { Executor } from './queue/executor.ts';
import { createSupervisor } from './queue/supervisor.ts';
import { listen } from './server/listen.ts';
import { createRunnerService } from './server/runner-service.ts';

export type RunnerOptions = {
  address: string;
  home: string;
  slots: Record<JobKind, number>;
  isolation: Isolation;
  offer: Pick<Capabilities, 'suites' | 'builtins' | 'devices' | 'versions'>;
  executor: (ledger: JobLedger) => Executor;
  clock: Clock;
  log: Logger;
  durable?: boolean;
  heartbeatMilliseconds?: number;
};

export type Runner = { address: string; stop: () => Promise<void> };

const stopGraceMilliseconds = 2_000;

const admission =
  ({ isolation, offer }: RunnerOptions) =>
  (spec: JobSpec): void => {
    if (spec.program.origin === 'foreign' && isolation.tier === 0) {
      throw runnerError(
        'isolation-insufficient',
        `this runner has no isolation (tier 0: ${isolation.note}), so it refuses programs that our own grammar did not write; ` +
          'install bubblewrap and restart it, or send the job to an isolated runner',
      );
    }
    if (spec.program.origin === 'builtin' && !offer.builtins.includes(spec.program.builtin)) {
      throw runnerError('job-invalid', `no builtin ${spec.program.builtin}; there are ${offer.builtins.join(', ')}`);
    }
    if (!offer.suites.includes(spec.suite)) {
      throw runnerError('job-invalid', `no suite ${spec.suite}; there are ${offer.suites.join(', ')}`);
    }
    if (spec.device === 'cuda' && !offer.devices.includes('cuda')) {
      throw runnerError('job-invalid', 'this runner has no CUDA device; use auto or cpu');
    }
  };

/** A complete runner: ledger, recovery, supervisor and service. Accepts jobs once the promise resolves. */
export const startRunnerService = async (options: RunnerOptions): Promise<Runner> => {
  const { clock, log, isolation, offer, slots } = options;
  const release = lockLedger(options.home);
  const ledger = openJobLedger(options.home, { clock, durable: options.durable ?? true });
  const provenance = {
    isolationTier: isolation.tier,
    isolationHash: isolation.hash,
    recipe: isolation.recipe,
    versions: offer.versions,
  };
  const lost = await recoverJobs(ledger, clock, log, provenance);
  const executor = options.executor(ledger);
  const supervisor = createSupervisor({ ledger, executor, slots, clock, log, provenance, admit: admission(options) });
  const started = clock.now().toISOString();
  const stopping = new AbortController();
  const service = createRunnerService({
    ledger,
    supervisor,
    log,
    stopping: stopping.signal,
    capabilities: () => ({ ...offer, slots: supervisor.slotUse(), isolation, started }),
    ...(options.heartbeatMilliseconds === undefined ? {} : { heartbeatMilliseconds: options.heartbeatMilliseconds }),
  });
  const listener = await listen(service, options.address).catch((error) => {
    release();
    throw error;
  });
  supervisor.resume();
  log.info({ address: listener.address, slots, tier: isolation.tier, recipe: isolation.recipe, lost }, 'runner ready');
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    await supervisor.stop(stopGraceMilliseconds);
    stopping.abort();
    await listener.close(1_000);
    ledger.close();
    release();
    log.info('runner stopped');
  };
  return {
    address: listener.address,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
};

/** Slots of each kind: training as configured, and one each for certificates and probes, which must not wait behind a training. */
export const slotsOf = (trainingSlots: number): Record<JobKind, number> => {
  if (trainingSlots < 1) throw terminal('runner-settings', 'a runner needs at least one training slot');
  return { train: trainingSlots, certify: 1, probe: 1 };
};
