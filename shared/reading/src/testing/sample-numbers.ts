import { artifactHashSchema, canonicalJson, hashText, type Measurement, type Random } from '@asi/contracts';

export type SampleArtifact = { readonly body: string; readonly mediaType: string };

export type Qualities = {
  /** Accuracies in [0, 1] and language-model loss that its runs vary around. */
  readonly recall: number;
  readonly parity: number;
  readonly languageModelLoss: number;
};

const accuracyTasks = ['parity', 'overwrite-recall', 'noisy-recall', 'associative-recall', 'fuzzy-recall'] as const;
const steps = 200;

/** A measurement of made-up numbers in the shape and size of real ones, with its curves and raw scores as artifacts. */
export function sampleMeasurement(
  qualities: Qualities,
  seed: number,
  random: Random,
): { measurement: Measurement; artifacts: SampleArtifact[] } {
  const jitter = (scale: number) => (random.next() + random.next() + random.next() - 1.5) * scale;
  const clamp = (value: number) => Math.max(0, Math.min(1, value));
  const lossOf = (accuracy: number) => 0.05 + 2.2 * (1 - accuracy);
  const accuracies = accuracyTasks.map((task, index) => ({
    task,
    value: clamp((task === 'parity' ? qualities.parity : qualities.recall - 0.06 * index) + jitter(0.02)),
  }));
  const languageModelLoss = qualities.languageModelLoss + jitter(0.02);
  const cpuSeconds = 24 + 4 * random.next();
  const finals = new Map([
    ...accuracies.map(({ task, value }) => [task as string, lossOf(value)] as const),
    ['language-model', languageModelLoss] as const,
  ]);
  const curves = Object.fromEntries([...finals].map(([task, final]) => [task, curve(final, random)]));
  const raw = Object.fromEntries(
    [...finals].map(([task, final]) => [
      task,
      { negativeLogLikelihood: Array.from({ length: 8 }, () => final + jitter(0.1)), accuracy: [] },
    ]),
  );
  const artifacts = [curves, raw].map((value) => ({ body: canonicalJson(value), mediaType: 'application/json' }));
  const [curvesHash, rawHash] = artifacts.map(({ body }) => artifactHashSchema.parse(hashText(body)));
  if (!curvesHash || !rawHash) throw new Error('two artifacts have two hashes');
  const common = { sequences: 128, steps, learningRate: 0.002, trainCpuSeconds: cpuSeconds / 6, rawSha256: rawHash };
  return {
    artifacts,
    measurement: {
      suite: 'cpu-quick',
      seed,
      tasks: [
        ...accuracies.map(({ task, value }) => ({
          task,
          metric: 'accuracy' as const,
          value,
          loss: lossOf(value),
          standardError: Math.sqrt((value * (1 - value)) / 128) + 0.002,
          claimedFinalTrainLoss: lossOf(value) * 0.97,
          ...common,
        })),
        {
          task: 'language-model',
          metric: 'loss',
          value: languageModelLoss,
          loss: languageModelLoss,
          standardError: 0.006,
          claimedFinalTrainLoss: languageModelLoss * 0.98,
          ...common,
        },
      ],
      battery: accuracies.reduce((sum, { value }) => sum + value, 0) / accuracies.length,
      languageModelLoss,
      parameters: { mixer: 16_640 + Math.floor(random.next() * 6_000), total: 120_000 },
      stateSize: 2048,
      flopsPerToken: 150_000 + Math.floor(random.next() * 60_000),
      trainTokensPerSecond: 21_000,
      peakMemoryBytes: 410_000_000,
      cpuSeconds,
      startUpSeconds: 2.1,
      workSeconds: cpuSeconds - 2.4,
      trainerVersion: 'sample',
      isolationTier: 0,
      isolationProof: 'sample',
      runner: 'sample-runner',
      rawHash,
      curvesHash,
    },
  };
}

function curve(final: number, random: Random): [number, number][] {
  return Array.from({ length: 20 }, (_, index): [number, number] => {
    const step = ((index + 1) * steps) / 20;
    return [step, final + (3 - final / 2) * Math.exp(-step / 45) + (random.next() - 0.5) * 0.05];
  });
}
