import type { TrainingNow } from './live-campaign.ts';

/** The tasks of each suite in the order in which they are trained, with the tokens that each trains on, as the trainer describes them. */
export const tokensOfTasks: Readonly<Record<string, ReadonlyArray<readonly [task: string, tokens: number]>>> = {
  'cpu-quick': [
    ['parity', 76_800],
    ['overwrite-recall', 134_400],
    ['noisy-recall', 112_640],
    ['associative-recall', 199_680],
    ['fuzzy-recall', 115_200],
    ['language-model', 163_840],
  ],
  'cpu-full': [
    ['parity', 384_000],
    ['overwrite-recall', 1_152_000],
    ['noisy-recall', 1_228_800],
    ['associative-recall', 1_843_200],
    ['fuzzy-recall', 640_000],
    ['needle', 2_048_000],
    ['language-model', 3_276_800],
  ],
  'cpu-smoke': [
    ['parity', 768],
    ['overwrite-recall', 720],
    ['noisy-recall', 1536],
    ['associative-recall', 1152],
    ['fuzzy-recall', 720],
    ['language-model', 3072],
  ],
};

/** How much of a training is done, in [0, 1], by the tokens of its suite; null while it has told nothing of its steps. */
export function shareOf(training: TrainingNow | undefined, suite: string): number | null {
  const tasks = tokensOfTasks[suite];
  if (!tasks || !training) return null;
  if (training.phase === 'evaluating' || training.phase === 'reporting') return 1;
  const at = tasks.findIndex(([task]) => task === training.task);
  const current = tasks[at];
  if (!current || training.phase !== 'training') return null;
  const total = tasks.reduce((sum, [, tokens]) => sum + tokens, 0);
  const before = tasks.slice(0, at).reduce((sum, [, tokens]) => sum + tokens, 0);
  return (before + (current[1] * (training.step ?? 0)) / (training.steps ?? 1)) / total;
}
