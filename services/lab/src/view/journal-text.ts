import type { JournalLine } from '@asi/reading';
import { timeOfDay } from './format.ts';
import type { Paint } from './paint.ts';
import { printable } from './text-width.ts';

const kindMarks: Readonly<Record<string, string>> = { cmd: '→', evt: '·', adt: ' ', dlq: '!' };

/** A message in one line: number, time, kind (→ command, · fact, ! dead letter), who said it, what. */
export function journalText(line: JournalLine, paint: Paint, withExperiment: boolean): string {
  const time = timeOfDay(line.time);
  const who = (line.source?.split('/')[0] ?? 'unknown').padEnd(10);
  const experiment = withExperiment ? `${(line.experimentId ?? line.campaignId ?? '-').padEnd(10)} ` : '';
  const summary = printable(line.summary);
  const text =
    line.kind === 'dlq' || line.problem ? paint.bad(summary) : line.kind === 'adt' ? paint.dim(summary) : summary;
  return `${paint.dim(String(line.sequence).padStart(6))} ${time} ${kindMarks[line.kind] ?? '?'} ${who} ${experiment}${text}`;
}
