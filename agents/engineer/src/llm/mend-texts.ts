import { asData } from '@asi/llm';
import type { FailedTraining } from '../mind.ts';
import { endingText } from './ending-text.ts';
import { mostChangedLines } from './minimal-change.ts';

export function designTexts({ command }: FailedTraining) {
  const { design } = command.data;
  return {
    name: design?.name ?? 'without a name',
    motivation: asData('motivation', design?.motivation ?? 'none is on record'),
    components:
      design && design.components.length > 0 ? asData('components', design.components.join(', ')) : 'not said',
  };
}

/** What the engineer is told of a failed training; what others wrote stands between fences. */
export function mendTexts(failed: FailedTraining, mostProbes: number) {
  const { data } = failed.command;
  return {
    ...designTexts(failed),
    program: asData('program', failed.program.source),
    ending: asData('ending', endingText(failed)),
    earlier: earlierText(failed),
    probes: String(mostProbes),
    wallSeconds: String(data.wallSeconds),
    memoryGigabytes: (data.memoryBytes / 1e9).toFixed(1),
    mostChangedLines: String(mostChangedLines(failed.designed.source)),
    parameterRatio: String(data.mending?.parameterRatio ?? 1),
  };
}

function earlierText({ earlier }: FailedTraining): string {
  if (earlier.length === 0) return 'Nothing was changed in it so far.';
  const told = earlier.map(
    ({ cause, reason }, index) => `${index + 1}. after ${cause.code} (${cause.message}): ${reason}`,
  );
  return `The program above was revised before, which did not suffice:\n${asData('earlier revisions', told.join('\n'))}`;
}
