import { deadLetterType } from '@asi/contracts';
import type { JournalLine, Progress } from '@asi/reading';
import type { CountByLine } from './count-by-line.ts';
import { duration, timeOfDay } from './format.ts';
import { printable } from './text-width.ts';

type Reached = ReturnType<CountByLine>;

/**
 * An event of a campaign as one plain line; an end carries how far the campaign was with it.
 * @param reached null where the line ends nothing
 */
export function plainLine(line: JournalLine, progress: Progress | null, reached: Reached): string {
  const time = timeOfDay(line.time);
  const who = (line.experimentId ?? line.campaignId ?? '-').padEnd(10);
  const mark = line.type === deadLetterType ? '! ' : '';
  return `${time}  ${who}  ${mark}${printable(line.summary)}${progress && reached ? howFar(progress, reached) : ''}`;
}

function howFar(progress: Progress, { kind, count }: NonNullable<Reached>): string {
  const { candidates, baselines, confirmations, secondsLeft } = progress;
  const done = {
    // Those without a result too, which are lost on the way: their number may be ahead of the line.
    baseline: `baselines ${count} of ${baselines.wanted + baselines.withoutResult}`,
    candidate: `${count} of ${candidates.wanted}`,
    // Those of a look that was not needed any more are in no number that is wanted.
    confirmation: `fresh seeds ${Math.min(count, confirmations.runsWanted)} of ${confirmations.runsWanted}`,
  }[kind];
  return `  [${done}${secondsLeft ? `, about ${duration(secondsLeft)} left` : ''}]`;
}
