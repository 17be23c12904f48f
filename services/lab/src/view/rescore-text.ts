import type { ComparedScore } from '../rescore/compare-scores.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';

export type RescoreReport = {
  readonly id: string;
  readonly equal: boolean;
  readonly rawHash: string;
  readonly measuredBy: string;
  readonly rescoredBy: string;
  readonly suspectLeak: string;
  readonly scores: readonly ComparedScore[];
};

/** What `asi rescore` says: the verdict, then every number, differences marked. */
export function rescoreText(report: RescoreReport, paint: Paint): string[] {
  const { id, equal, scores, suspectLeak } = report;
  const different = scores.filter((score) => !score.equal);
  const shown = scores.filter(({ name, equal: same }) => !same || !name.endsWith('rawSha256'));
  const [head = '', ...lines] = textTable(
    [{ title: '' }, { title: 'score' }, { title: 'stored' }, { title: 'from the raw values' }],
    shown.map((score) => [score.equal ? 'equal' : 'DIFFERS', score.name, text(score.stored), text(score.again)]),
    Number.POSITIVE_INFINITY,
  );
  const other =
    report.measuredBy === report.rescoredBy
      ? []
      : [`measured by trainer ${report.measuredBy}, scored again by ${report.rescoredBy}`];
  return [
    equal
      ? paint.good(`${id}: all ${scores.length} scores follow from its raw values to the last bit`)
      : paint.bad(`${id}: ${different.length} of ${scores.length} scores do not follow from its raw values`),
    `raw values: ${report.rawHash} (asi show ${id} --artifact HASH prints them)`,
    ...other,
    ...(suspectLeak ? [`suspect leak: ${printable(suspectLeak)}`] : []),
    '',
    paint.dim(head),
    ...lines,
  ];
}

const text = (value: number | string | null): string => (value === null ? '-' : printable(String(value)));
