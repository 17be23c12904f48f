import type { Progress } from './progress.ts';

/** Less of a training than this says too little: it begins with imports, which take seconds whatever the suite. */
const leastShare = 0.1;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Seconds until the campaign is over, before its pace is known: from how far the trainings under way have come since they
 * began, as if every other one took as long and as many ran at once. Null while none has come far enough. Rough: its tasks
 * do not take the same time for a token, and what fresh seeds take is not in it.
 * @param shareOf how much of the training of an experiment is done, in [0, 1]; null where nothing is known of it
 */
export function roughSecondsLeft(
  { work, inFlight }: Pick<Progress, 'work' | 'inFlight'>,
  shareOf: (experimentId: string) => number | null,
  now: Date,
): number | null {
  const running = inFlight
    .filter(({ state }) => state === 'training.running')
    .map(({ id, since }) => ({ share: shareOf(id) ?? 0, seconds: (now.getTime() - Date.parse(since)) / 1000 }));
  const far = running.filter(({ share }) => share >= leastShare);
  if (far.length === 0) return null;
  const secondsEach = sum(far.map(({ seconds }) => seconds)) / sum(far.map(({ share }) => share));
  const left = Math.max(0, work.wanted - work.completed - sum(running.map(({ share }) => share)));
  return (left * secondsEach) / running.length;
}
