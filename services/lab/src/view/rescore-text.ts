import type { ComparedScore } from '../rescore/compared-score.ts';
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
  readonly unchecked: ReadonlyArray<{ readonly name: string; readonly why: string }>;
  readonly takenAsStored: readonly string[];
};

/** What `asi rescore` says: the verdict, then every number, differences marked. */
export function rescoreText(report: RescoreReport, paint: Paint): string[] {
  const { id, scores, suspectLeak, unchecked } = report;
  const different = scores.filter((score) => !score.equal);
  const shown = scores.filter(({ name, equal }) => !equal || !(name.endsWith('rawSha256') || isOfReference(name)));
  const [head = '', ...lines] = textTable(
    [{ title: '' }, { title: 'score' }, { title: 'stored' }, { title: 'computed again' }],
    shown.map((score) => [score.equal ? 'equal' : 'DIFFERS', score.name, text(score.stored), text(score.again)]),
    Number.POSITIVE_INFINITY,
  );
  const other =
    report.measuredBy === report.rescoredBy
      ? []
      : [`measured by trainer ${report.measuredBy}, scored again by ${report.rescoredBy}`];
  return [
    verdict(report, different.length, paint),
    ...unchecked.map(({ name, why }) => paint.bad(`not checked: ${name}, because ${printable(why)}`)),
    `raw values: ${report.rawHash} (asi show ${id} --artifact HASH prints them)`,
    ...other,
    ...(suspectLeak ? [`suspect leak: ${printable(suspectLeak)}`] : []),
    '',
    paint.dim(head),
    ...lines,
    '',
    paint.dim(`taken as stored, since no raw value tells them: ${report.takenAsStored.join(', ')}`),
  ];
}

function verdict({ id, scores, unchecked }: RescoreReport, different: number, paint: Paint): string {
  if (different > 0)
    return paint.bad(
      `${id}: ${different} of ${scores.length} numbers do not follow from its raw values, its judgement and the reference`,
    );
  const own = scores.filter(({ name }) => !isOfReference(name));
  const judged = own.some(({ name }) => name === 'judgement.total') ? ", the judge's part from what he gave" : '';
  const referred = own.length < scores.length ? '; the reference is the one that was announced' : '';
  const good = `${own.length} scores follow from its raw values to the last bit${judged}${referred}`;
  return unchecked.length === 0
    ? paint.good(`${id}: all ${good}`)
    : paint.bad(`${id}: ${good}; ${unchecked.length} cannot be checked`);
}

const isOfReference = (name: string): boolean => name.startsWith('reference.');
const text = (value: number | string | null): string => (value === null ? '-' : printable(String(value)));
