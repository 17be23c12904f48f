import type { Bus } from '@asi/bus';
import { attemptTokenOf, type BaselineRun, type DataOf, hashJson, isAsiError, retryable } from '@asi/contracts';
import {
  type Certificate,
  type JobSpec,
  mayBeFromOutside,
  type Program,
  type RunnerClient,
  submitUntilTold,
} from '@asi/runner-client';
import { formsOfBaseline } from './grammar/forms-of-baseline.ts';
import type { RunnerFinder } from './runner-finder.ts';

type Asker = Pick<
  DataOf<'design'>,
  'campaignId' | 'campaignNumber' | 'baselines' | 'suite' | 'wallSeconds' | 'memoryBytes'
>;

/** Makes the baselines of a campaign known to the archive, so that no design passes that is one of them written otherwise. */
export type BaselineRegister = {
  /**
   * Resolves when all baselines of the asker's campaign are registered. Seconds of the runner's time at the first design
   * that is to be compared, and none later: the runner remembers the jobs, and the archive the baselines.
   */
  ensure(asker: Asker, signal: AbortSignal): Promise<void>;
};

/**
 * B1: who is compared sees all baselines or, where the runner cannot say what one computes, sees that one never: it depends
 *     on the runner's word alone, so that a replay comes to the same. A record without that word registers nothing.
 */
export function createBaselineRegister(bus: Pick<Bus, 'request'>, runners: RunnerFinder): BaselineRegister {
  const done = new Set<string>();
  return {
    ensure: async (asker, signal) => {
      const { campaignId, campaignNumber, baselines = [] } = asker;
      // A baseline that failed may have been trained again, under another id.
      const all = [campaignId, ...baselines.map(({ experimentId }) => experimentId)].join(' ');
      if (done.has(all)) return;
      for (const [place, run] of baselines.entries()) {
        const runner = await runners.find();
        const programs: Certificate[] = [];
        for (const form of formsOfBaseline(run.name)) {
          const certificate = await certificateOf(runner, run, form, asker, signal).catch((error: unknown) => {
            runners.forget();
            throw error;
          });
          if (certificate) programs.push(certificate);
        }
        await bus.request('registerBaseline', {
          experimentId: run.experimentId,
          campaignNumber,
          ordinal: place - baselines.length,
          programs: programs.map(({ programHash, fingerprint }) => ({ programHash, fingerprint })),
        });
      }
      done.add(all);
    },
  };
}

/** What the runner says of the program, legal or not; null where it does not know. Throws retryable where it might later. */
async function certificateOf(
  runner: RunnerClient,
  { experimentId }: BaselineRun,
  program: Program,
  { campaignId, suite, wallSeconds, memoryBytes }: Asker,
  signal: AbortSignal,
): Promise<Certificate | null> {
  const spec: JobSpec = {
    kind: 'certify',
    program,
    suite,
    seed: 0,
    evaluationSeed: 'none',
    device: 'cpu',
    limits: { wallSeconds, memoryBytes: Math.round(memoryBytes) },
    parameterBudget: null,
    attempt: 1,
    token: attemptTokenOf(experimentId, 'certificate', 1),
    // The campaign that asks, in whose replay the answer is wanted, and not the one that trained it.
    labels: { experiment: experimentId, campaign: campaignId },
  };
  const { labels: _, ...work } = spec;
  const jobId = `${experimentId}-c-${hashJson(work).slice(0, 12)}`;
  const outcome = await submitUntilTold(runner, jobId, spec, signal).catch((error: unknown) => {
    // A runner that has no such built-in does not take the job.
    if (isAsiError(error) && error.code === 'job-invalid') return null;
    throw error;
  });
  if (outcome?.status === 'lost') throw retryable('runner-lost', outcome.message);
  if (outcome?.status === 'failed' && mayBeFromOutside(outcome)) throw retryable(outcome.reason, outcome.message);
  return outcome?.status === 'ok' && outcome.kind === 'certify' ? outcome.result : null;
}
