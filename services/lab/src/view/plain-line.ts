import { deadLetterType } from '@asi/contracts';
import type { JournalLine, Progress } from '@asi/reading';
import { duration, timeOfDay } from './format.ts';
import { printable } from './text-width.ts';

/** An event of a campaign as one plain line; an end carries how far the campaign is. */
export function plainLine(line: JournalLine, progress: Progress | null): string {
  const time = timeOfDay(line.time);
  const who = (line.experimentId ?? line.campaignId ?? '-').padEnd(10);
  const mark = line.type === deadLetterType ? '! ' : '';
  return `${time}  ${who}  ${mark}${printable(line.summary)}${line.type === 'asi.experiment.settled.v1' ? howFar(progress) : ''}`;
}

function howFar(progress: Progress | null): string {
  if (!progress) return '';
  const { candidates, baselines, confirmations, secondsLeft } = progress;
  const done =
    baselines.completed < baselines.wanted
      ? `baselines ${baselines.completed} of ${baselines.wanted}`
      : confirmations.begun > confirmations.concluded
        ? `fresh seeds ${confirmations.runsDone} of ${confirmations.runsWanted}`
        : `${candidates.completed} of ${candidates.wanted}`;
  return `  [${done}${secondsLeft ? `, about ${duration(secondsLeft)} left` : ''}]`;
}
