import { setTimeout as sleep } from 'node:timers/promises';
import type { JobOutcome, JobSpec } from '@asi/runner-client';
import type { Executor } from '../queue/executor.ts';
import { plausibleCertificate, plausibleProbe, plausibleTrainResult } from './plausible-results.ts';

export type NullExecutorOptions = {
  /** How long a job of each kind occupies its slot. */
  delayMilliseconds: (spec: JobSpec) => number;
};

export const nullVersions = { runner: 'null', trainer: 'null', torch: 'null', python: 'null' };

const phases = { train: 'training', certify: 'certifying', probe: 'probing' } as const;

/** Occupies a slot for the delay and answers what follows from the program's text. Trains nothing. */
export const createNullExecutor = ({ delayMilliseconds }: NullExecutorOptions): Executor => ({
  run: ({ spec, onLaunch, onEvent }) => {
    const stopped = new AbortController();
    const answer = (): JobOutcome => {
      switch (spec.kind) {
        case 'train':
          return { status: 'ok', kind: 'train', result: plausibleTrainResult(spec) };
        case 'certify':
          return { status: 'ok', kind: 'certify', result: plausibleCertificate(spec) };
        case 'probe':
          return { status: 'ok', kind: 'probe', result: plausibleProbe(spec) };
      }
    };
    const run = async (): Promise<JobOutcome> => {
      onLaunch(null);
      onEvent({ type: 'started', versions: nullVersions, device: 'cpu' });
      onEvent({ type: 'phase', phase: phases[spec.kind], task: null });
      const delay = delayMilliseconds(spec);
      if (delay > 0) await sleep(delay, undefined, { signal: stopped.signal });
      const outcome = answer();
      if (outcome.status === 'ok' && outcome.kind === 'train') {
        const curves = Object.entries(outcome.result.curves);
        for (const [index, [task, curve]] of curves.entries()) {
          const [step, loss] = curve.at(-1) ?? [0, Number.NaN];
          const values = { loss, gradientNorm: 1, learningRate: 0.003 };
          onEvent({ type: 'metric', task, step, steps: step, share: (index + 1) / curves.length, values });
        }
      }
      return outcome;
    };
    const outcome = run().catch((): JobOutcome => ({ status: 'cancelled', message: 'stopped' }));
    return { outcome, stop: () => stopped.abort() };
  },
});
