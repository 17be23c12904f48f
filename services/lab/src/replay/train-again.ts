import type { Reference } from '@asi/contracts';
import { endOf, type RecordedJob, readEvents } from '@asi/gpu-runner/recorded-runner';
import type { ReplayReport, TrainedAgain } from '@asi/reading';
import { jobIdSchema } from '@asi/runner-client';
import type { CliContext } from '../commands/cli-context.ts';
import { withRunner } from '../commands/with-runner.ts';
import { compareTrainings } from './compare-trainings.ts';

type Options = {
  /** In the order of decisions. */
  readonly trainings: readonly RecordedJob[];
  readonly noise: Reference['noise'] | null;
  readonly slots: number;
  readonly say: (line: string) => void;
};

/** Does every training again, on a runner of its own, and compares what it measures with the record. @throws as withRunner */
export async function trainAgain(
  context: CliContext,
  { trainings, noise, slots, say }: Options,
): Promise<NonNullable<ReplayReport['retrained']>> {
  const use = async ({ client, signal }: Parameters<Parameters<typeof withRunner>[1]>[0]) => {
    const jobs = trainings.map((job) => ({ job, id: jobIdSchema.parse(`again-${job.jobId}`.slice(0, 128)) }));
    // All at once: the runner queues what it has no slot for.
    for (const { job, id } of jobs) await client.submit(id, job.spec, { signal });
    const differences: TrainedAgain[] = [];
    let values = 0;
    for (const [index, { job, id }] of jobs.entries()) {
      const recorded = endOf(readEvents(job.folder));
      if (!recorded) throw new Error(`the ledger lost the end of ${job.jobId}`);
      const { outcome } = await client.untilFinished(id, { signal });
      const experimentId = job.spec.labels.experiment ?? job.jobId;
      const compared = compareTrainings(experimentId, recorded.outcome, outcome, noise);
      values += compared.values;
      differences.push(...compared.differences);
      const found = compared.differences.length === 0 ? 'equal' : `${compared.differences.length} values differ`;
      say(`${index + 1} of ${jobs.length} trained again: ${experimentId}, ${found}`);
    }
    return { trainings: jobs.length, values, differences };
  };
  return withRunner(context, use, { ASI_RUNNER_SLOTS: String(slots) });
}
