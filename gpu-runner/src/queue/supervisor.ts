import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@asi/contracts';
import { messageOf } from '@asi/contracts';
import {
  type Job,
  type JobId,
  type JobKind,
  type JobOutcome,
  type JobSpec,
  type Provenance,
  runnerError,
  type SlotUse,
  type Versions,
} from '@asi/runner-client';
import type { Logger } from 'pino';
import type { JobLedger } from '../ledger/job-ledger.ts';
import { jobOf } from '../ledger/job-record.ts';
import type { Assignment, Execution, Executor } from './executor.ts';

export type SupervisorOptions = {
  ledger: JobLedger;
  executor: Executor;
  slots: Record<JobKind, number>;
  clock: Clock;
  log: Logger;
  /** Throws when this runner may not run the program. */
  admit: (spec: JobSpec) => void;
  provenance: Omit<Provenance, 'origin' | 'device'>;
};

export type Supervisor = {
  submit: (jobId: JobId, spec: JobSpec) => { existed: boolean; job: Job };
  cancel: (jobId: JobId, token: string, graceMilliseconds: number) => { accepted: boolean; job: Job };
  slotUse: () => SlotUse[];
  /** Takes up the jobs that were queued when the runner last stopped. */
  resume: () => void;
  /** Refuses further jobs, kills what runs and records it as lost. Queued jobs stay queued for the next start. */
  stop: (graceMilliseconds: number) => Promise<void>;
};

type Running = {
  execution: Execution;
  kind: JobKind;
  slot: number;
  ended: Promise<void>;
  known: Known;
};

/** What is learnt about a job while it runs. */
type Known = {
  /** Replaces every outcome but a good one: why the job was told to stop. */
  verdict: JobOutcome | null;
  versions: Versions | null;
  device: string;
};

const kinds: JobKind[] = ['train', 'certify', 'probe'];

/** Hands queued jobs to slots, oldest first, and writes down how each ended. */
export const createSupervisor = (options: SupervisorOptions): Supervisor => {
  const { ledger, executor, slots, clock, log } = options;
  const queues: Record<JobKind, JobId[]> = { train: [], certify: [], probe: [] };
  const running = new Map<JobId, Running>();
  let stopping = false;

  const freeSlot = (kind: JobKind): number | null => {
    const first = kinds.slice(0, kinds.indexOf(kind)).reduce((sum, one) => sum + slots[one], 0);
    const used = new Set([...running.values()].map(({ slot }) => slot));
    const free = Array.from({ length: slots[kind] }, (_, index) => first + index).find((slot) => !used.has(slot));
    return free ?? null;
  };

  const finish = async (jobId: JobId, spec: JobSpec, outcome: JobOutcome, known: Known | null): Promise<void> => {
    const { origin } = spec.program;
    const versions = known?.versions ?? options.provenance.versions;
    const provenance = { ...options.provenance, versions, origin, device: known?.device ?? spec.device };
    for (;;) {
      try {
        const times = { ...ledger.get(jobId).times, finished: clock.now().toISOString() };
        ledger.append(jobId, { type: 'finished', outcome, provenance, times });
        log.info(
          { jobId, status: outcome.status, ...('message' in outcome && { reason: outcome.message }) },
          'job finished',
        );
        return;
      } catch (error) {
        // A full disk must not turn a result into a loss: the slot waits until the end can be written.
        log.error({ jobId, error: messageOf(error) }, 'cannot write the end of a job; free disk space; trying again');
        await sleep(1_000);
      }
    }
  };

  /** An executor that cannot even begin (no disk space, say) fails this job and not the runner. */
  const attempt = (assignment: Assignment): Execution => {
    try {
      return executor.run(assignment);
    } catch (error) {
      const outcome: JobOutcome = { status: 'failed', reason: 'environment', message: messageOf(error), evidence: {} };
      return { outcome: Promise.resolve(outcome), stop: () => undefined };
    }
  };

  /** A program that passes its certificate is trained next: a training slot that has nothing to do makes ready for it. */
  const prepareTraining = (spec: JobSpec): void => {
    const slot = queues.train.length === 0 ? freeSlot('train') : null;
    try {
      if (slot !== null) executor.prepare?.(slot, spec);
    } catch (error) {
      log.warn(
        { slot, error: messageOf(error) },
        'nothing could be made ready; the training will take longer to start',
      );
    }
  };

  const start = (jobId: JobId, kind: JobKind, slot: number): void => {
    const spec = ledger.specification(jobId);
    const ending = Promise.withResolvers<void>();
    const known: Known = { verdict: null, versions: null, device: spec.device };
    log.info({ jobId, kind, slot }, 'job started');
    const execution = attempt({
      jobId,
      spec,
      slot,
      onLaunch: (process, mark) => ledger.launch(jobId, { process, mark, slot, started: clock.now().toISOString() }),
      onEvent: (event) => {
        if (event.type === 'started') Object.assign(known, { versions: event.versions, device: event.device });
        ledger.append(jobId, event);
      },
    });
    running.set(jobId, { execution, kind, slot, ended: ending.promise, known });
    if (kind === 'certify') prepareTraining(spec);
    execution.outcome
      .then((outcome) => finish(jobId, spec, outcome.status === 'ok' ? outcome : (known.verdict ?? outcome), known))
      .finally(() => {
        running.delete(jobId);
        ending.resolve();
        fill();
      });
  };

  const fill = (): void => {
    for (const kind of kinds) {
      while (!stopping && queues[kind].length > 0) {
        const slot = freeSlot(kind);
        const jobId = queues[kind][0];
        if (slot === null || jobId === undefined) break;
        queues[kind].shift();
        start(jobId, kind, slot);
      }
    }
  };

  return {
    submit: (jobId, spec) => {
      if (stopping) throw runnerError('runner-stopping', 'the runner is stopping; submit again when it is back');
      options.admit(spec);
      const { existed, record } = ledger.submit(jobId, spec);
      if (!existed) {
        queues[spec.kind].push(jobId);
        setImmediate(fill);
      }
      return { existed, job: jobOf(record) };
    },
    cancel: (jobId, token, graceMilliseconds) => {
      const record = ledger.get(jobId);
      if (record.state === 'finished') return { accepted: false, job: jobOf(record) };
      const spec = ledger.specification(jobId);
      if (spec.token !== token) {
        throw runnerError('job-stale-token', `job ${jobId} belongs to another attempt; its token is not ${token}`);
      }
      const verdict: JobOutcome = { status: 'cancelled', message: 'cancelled on request' };
      const job = running.get(jobId);
      if (job !== undefined) {
        job.known.verdict ??= verdict;
        job.execution.stop(graceMilliseconds);
      } else {
        queues[spec.kind] = queues[spec.kind].filter((queued) => queued !== jobId);
        void finish(jobId, spec, verdict, null);
      }
      return { accepted: true, job: jobOf(ledger.get(jobId)) };
    },
    slotUse: () =>
      kinds.map((kind) => ({
        kind,
        total: slots[kind],
        running: [...running.values()].filter((job) => job.kind === kind).length,
        queued: queues[kind].length,
      })),
    resume: () => {
      for (const record of ledger.all()) if (record.state === 'queued') queues[record.kind].push(record.jobId);
      fill();
    },
    stop: async (graceMilliseconds) => {
      stopping = true;
      for (const job of running.values()) {
        job.known.verdict ??= { status: 'lost', message: 'runner stopped' };
        job.execution.stop(graceMilliseconds);
      }
      await Promise.all([...running.values()].map(({ ended }) => ended));
      await executor.close?.();
    },
  };
};
