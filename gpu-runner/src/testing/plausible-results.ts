import { createHash } from 'node:crypto';
import type { Certificate, JobSpec, ProbeResult, TrainResult } from '@asi/runner-client';

const tasks = ['parity', 'overwrite-recall', 'noisy-recall', 'mqar', 'language-model'] as const;
const sequences = 16;
const steps = 100;

export const programText = ({ program }: JobSpec): string =>
  program.origin === 'builtin' ? program.builtin : program.source;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A number in [0, 1) that follows from the facts alone. */
const fraction = (...facts: (string | number)[]): number =>
  Number.parseInt(sha256(facts.join('\0')).slice(0, 12), 16) / 2 ** 48;

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a null runner answers to `train`: plausible sizes, values that follow from program and seed, and no measurement at all. */
export const plausibleTrainResult = (spec: JobSpec): TrainResult => {
  const text = programText(spec);
  const skill = 0.4 + 0.5 * fraction(text);
  const rows = (task: string) =>
    Array.from({ length: sequences }, (_, row) => skill + 0.1 * (fraction(text, spec.seed, task, row) - 0.5));
  const raw = Object.fromEntries(
    tasks.map((task) => {
      const accuracy = rows(task);
      const negativeLogLikelihood = accuracy.map((value) => 3 * (1 - value));
      return [task, { accuracy, negativeLogLikelihood, answers: [], answerLosses: '', answerHits: '', audit: null }];
    }),
  );
  const scores = tasks.map((task) => {
    const { accuracy = [], negativeLogLikelihood = [] } = raw[task] ?? {};
    const metric = task === 'language-model' ? ('loss' as const) : ('accuracy' as const);
    const loss = mean(negativeLogLikelihood);
    return {
      task,
      metric,
      value: metric === 'loss' ? loss : mean(accuracy),
      loss,
      standardError: 0.02,
      sequences,
      steps,
      learningRate: 0.003,
      trainCpuSeconds: 0,
      claimedFinalTrainLoss: loss,
      rawSha256: sha256(JSON.stringify(raw[task])),
    };
  });
  const curve = (final: number): [number, number][] =>
    [1, 25, 50, 75, steps].map((step) => [step, final + 2 * Math.exp(-step / 25)]);
  return {
    tasks: scores,
    raw,
    curves: Object.fromEntries(scores.map(({ task, loss }) => [task, curve(loss)])),
    battery: mean(scores.filter(({ metric }) => metric === 'accuracy').map(({ value }) => value)),
    languageModelLoss: scores.find(({ metric }) => metric === 'loss')?.loss ?? Number.NaN,
    parameters: { mixer: 16_000 + Math.floor(2_000 * fraction(text, 'size')), total: 90_000 },
    stateSize: 2_048,
    flopsPerToken: 1e5,
    trainTokensPerSecond: 1e5,
    inferenceTokensPerSecond: null,
    neighbourCores: null,
    suspectLeak: '',
    peakMemoryBytes: 1e8,
    cpuSeconds: 0,
    startUpSeconds: 0,
    workSeconds: 0,
    suite: spec.suite,
    seed: spec.seed,
    trainerVersion: 'null',
  };
};

/** What a null runner answers to `certify`: always a pass, with a fingerprint that only an equal program shares. */
export const plausibleCertificate = (spec: JobSpec): Certificate => {
  const text = programText(spec);
  const parameters = 16_000 + Math.floor(2_000 * fraction(text, 'size'));
  return {
    verdict: 'pass',
    findings: [
      {
        test: 'causality',
        kind: 'hard',
        status: 'pass',
        measured: 0,
        threshold: 1e-5,
        smallestInput: '',
        message: 'not measured: this is a null runner',
      },
    ],
    parameters,
    referenceParameters: 16_640,
    parameterRatio: parameters / 16_640,
    stateSize: 2_048,
    flopsPerToken: 1e5,
    flopExponent: 1,
    programHash: sha256(text),
    fingerprint: [0, 1, 2, 3].map((segment) =>
      Array.from({ length: 16 }, (_, index) => Number((2 * fraction(text, segment, index) - 1).toPrecision(5))),
    ),
    cpuSeconds: 0,
    trainerVersion: 'null',
  };
};

/** What a null runner answers to `probe`: that it looked at nothing. */
export const plausibleProbe = ({ probe }: JobSpec): ProbeResult => ({
  stdout: `a null runner runs no program, so it did not run the probe ${JSON.stringify(probe)}\n`,
  stderr: '',
  exit: 0,
  seconds: 0,
});
