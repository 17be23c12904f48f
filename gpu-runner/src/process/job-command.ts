import type { JobId, JobSpec } from '@asi/runner-client';
import { markVariable } from './end-processes.ts';

export type Trainer = { python: string; trainerPath: string };

// Resource limits of the job and all it starts: no core files, 4 GiB per file (in units of 512 bytes), 1,024 open files.
const limits = 'ulimit -c 0; ulimit -f 8388608; ulimit -n 1024; exec "$@"';

/** The argv of the trainer's job process, with its resource limits. */
export const jobCommand = ({ python }: Trainer, options: readonly string[]): [string, ...string[]] => [
  '/bin/sh',
  '-c',
  limits,
  'asi-job',
  python,
  '-m',
  'trainer',
  'job',
  ...options,
];

/** Nothing of the runner's own environment but what a Python process needs. */
export const jobEnvironment = ({ trainerPath }: Trainer, temporary: string, mark: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: temporary,
  TMPDIR: temporary,
  LANG: 'C.UTF-8',
  PYTHONPATH: trainerPath,
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONUNBUFFERED: '1',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  ...(process.env.CUDA_VISIBLE_DEVICES === undefined ? {} : { CUDA_VISIBLE_DEVICES: process.env.CUDA_VISIBLE_DEVICES }),
  [markVariable]: mark,
});

/** What the trainer reads from its standard input. */
export const trainerSpecification = (jobId: JobId, spec: JobSpec, launcher: string[]): string =>
  JSON.stringify({
    jobId,
    kind: spec.kind,
    program: spec.program.origin === 'builtin' ? { builtin: spec.program.builtin } : { source: spec.program.source },
    suite: spec.suite,
    seed: spec.seed,
    evaluationSeed: spec.evaluationSeed,
    device: spec.device,
    launcher,
    limits: spec.limits,
    parameterBudget: spec.parameterBudget,
    full: spec.full ?? false,
    reportStops: spec.reportStops ?? false,
    ...(spec.probe ? { probe: spec.probe } : {}),
  });
