import type { ComparedField } from '../rescore/compare-fields.ts';
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
  readonly fields: readonly ComparedField[];
  readonly unchecked: ReadonlyArray<{ readonly name: string; readonly why: string }>;
  readonly takenAsStored: readonly string[];
};

/** What `asi rescore` says: the verdict, then every score, and the fields that are not as the journal has them. */
export function rescoreText(report: RescoreReport, paint: Paint): string[] {
  const { id, suspectLeak, unchecked } = report;
  const shown = report.scores.filter(({ name, equal }) => !equal || !name.endsWith('rawSha256'));
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
    verdict(report, paint),
    ...unchecked.map(({ name, why }) => paint.bad(`not checked: ${name}, because ${printable(why)}`)),
    `raw values: ${report.rawHash} (asi show ${id} --artifact HASH prints them)`,
    ...other,
    ...(suspectLeak ? [`suspect leak: ${printable(suspectLeak)}`] : []),
    '',
    paint.dim(head),
    ...lines,
    ...differingFields(report, paint),
    '',
    paint.dim(
      "no raw value tells the judge's criteria, what an analysis says, parameters, FLOPs, speeds and times: of these only the journal is asked",
    ),
    paint.dim(`taken as stored, since it does not tell them either: ${report.takenAsStored.join(', ')}`),
  ];
}

function differingFields({ fields }: RescoreReport, paint: Paint): string[] {
  const different = fields.filter(({ equal }) => !equal);
  if (different.length === 0) return [];
  const [head = '', ...lines] = textTable(
    [{ title: '' }, { title: 'field' }, { title: 'stored' }, { title: 'announced in the journal' }],
    different.map(({ name, stored, announced }) => ['DIFFERS', printable(name), text(stored), text(announced)]),
    Number.POSITIVE_INFINITY,
  );
  return ['', paint.dim(head), ...lines];
}

function verdict({ id, scores, fields, unchecked }: RescoreReport, paint: Paint): string {
  const differing = (of: ReadonlyArray<{ readonly equal: boolean }>) => of.filter(({ equal }) => !equal).length;
  const [ofScores, ofFields] = [differing(scores), differing(fields)];
  const bad = [
    ...(ofScores > 0
      ? [`${ofScores} of ${scores.length} numbers do not follow from its raw values, its judgement and the reference`]
      : []),
    ...(ofFields > 0 ? [`${ofFields} of ${fields.length} stored fields are not what the journal announced`] : []),
  ];
  if (bad.length > 0) return paint.bad(`${id}: ${bad.join('; ')}`);
  const judged = scores.some(({ name }) => name === 'judgement.total') ? ", the judge's part from what he gave" : '';
  const good = `${scores.length} scores follow from its raw values to the last bit${judged}; ${fields.length} fields of its record, settings, reference and confirmations are as the journal announced them`;
  return unchecked.length === 0
    ? paint.good(`${id}: all ${good}`)
    : paint.bad(`${id}: ${good}; ${unchecked.length} cannot be checked`);
}

const text = (value: number | string | boolean | null): string => (value === null ? '-' : printable(String(value)));
