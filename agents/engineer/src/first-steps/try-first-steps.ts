import type { RunnerClient } from '@asi/runner-client';
import { isOwnFault } from '../failed-training.ts';
import { probeJobOf } from '../job-spec.ts';
import type { FailedOutcome } from '../mind.ts';
import { runJob } from '../run-job.ts';
import type { TrainWork } from '../train-work.ts';
import { examineSteps } from './examine-steps.ts';

/**
 * Has the runner take the first steps of a training in its place for probes, which holds no training slot, and says what the
 * training would fail by; null: nothing that is known. The same program of the same attempt is the same job. Throws as `runJob`.
 * @param onCpu whether the training will run where probes do
 */
export async function tryFirstSteps(
  runner: RunnerClient,
  { command: { data }, program }: Pick<TrainWork, 'command' | 'program'>,
  onCpu: boolean,
  signal: AbortSignal,
): Promise<FailedOutcome | null> {
  if (program.origin === 'builtin') return null;
  const answered = await runJob(runner, probeJobOf(data, program, { name: 'steps' }), signal);
  // How slow a processor is tells nothing of an accelerator.
  if (answered.status === 'timeout' && !onCpu) return null;
  const seen = examineSteps(answered, onCpu ? data.wallSeconds : null);
  return seen && isOwnFault(seen) ? seen : null;
}
