import type { Clock } from '@asi/contracts';
import type { Provenance } from '@asi/runner-client';
import type { Logger } from 'pino';
import { killAll, processesOf } from '../process/end-processes.ts';
import { isAlive } from '../process/process-identity.ts';
import type { JobLedger } from './job-ledger.ts';
import type { JobRecord } from './job-record.ts';

/**
 * Accounts for every job of a runner that died: what still lives is killed, what ran is recorded as lost. Jobs that were only queued are
 * left queued. The caller holds the lock of the ledger, so every process with its mark is an orphan. A job that was dead already ended
 * with its last sign of life, not now: between the two the machine may have been off.
 */
export const recoverJobs = async (
  ledger: JobLedger,
  clock: Clock,
  log: Logger,
  provenance: Omit<Provenance, 'origin' | 'device'>,
): Promise<number> => {
  const markOf = ({ jobId, launch }: JobRecord) => launch?.mark ?? `${ledger.id}/${jobId}`;
  const orphaned = [...ledger.all()].filter(({ state }) => state === 'running');
  const alive = new Set(orphaned.filter((job) => processesOf(null, markOf(job)).length > 0).map(({ jobId }) => jobId));
  await killAll(null, `${ledger.id}/`);
  for (const job of orphaned) {
    const { jobId, launch, times, heardAt } = job;
    const leader = launch?.process && isAlive(launch.process) ? launch.process.pid : null;
    await killAll(leader, markOf(job));
    const spec = ledger.specification(jobId);
    const now = clock.now().toISOString();
    ledger.append(jobId, {
      type: 'finished',
      outcome: { status: 'lost', message: 'the runner died while this job ran; nothing is known, run it again' },
      provenance: { ...provenance, origin: spec.program.origin, device: spec.device },
      times: { ...times, finished: alive.has(jobId) ? now : (heardAt ?? times.started ?? now) },
    });
    log.warn({ jobId, killed: leader }, 'job lost: the runner died while it ran');
  }
  return orphaned.length;
};
