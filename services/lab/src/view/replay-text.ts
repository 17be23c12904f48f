import type { ReplayReport, TrainedAgain } from '@asi/reading';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';

const longestValue = 200;
const shownBefore = 60;
const shownDifferences = 40;

/** What `asi replay` says: both digests, and where the two runs part. */
export function replayText(report: ReplayReport, paint: Paint): string[] {
  const { campaignId, equal, decisions, equalDecisions, recordedDigest, replayedDigest } = report;
  return [
    equal
      ? paint.good(`${campaignId}: the replay comes to the same in all ${decisions} decisions`)
      : paint.bad(`${campaignId}: the replay parts from the record after ${equalDecisions} of ${decisions} decisions`),
    `recorded digest ${recordedDigest}`,
    `replayed digest ${replayedDigest}`,
    ...report.leftOut.map((line) => `not replayed: ${line}`),
    ...divergenceText(report.divergence),
    ...(report.folder === null ? [] : [`the replay is kept: ASI_HOME=${report.folder} asi status`]),
    ...(report.retrained ? retrainedText(report.retrained, paint) : []),
  ];
}

function divergenceText(divergence: ReplayReport['divergence']): string[] {
  if (divergence === null) return [];
  const { id, field, recorded, replayed, question, jobs } = divergence;
  return [
    `first divergence: ${id}${field === '' ? '' : `, ${field}`}`,
    ...besideEachOther(recorded, replayed),
    ...(question ? questionText(question, id) : []),
    ...(jobs.length > 0 ? [`the ledgers of the runners do not hold: ${jobs.join(', ')} of ${id}`] : []),
  ];
}

type Question = NonNullable<NonNullable<ReplayReport['divergence']>['question']>;

function questionText({ experimentId, role, node, line, recorded, replayed, failed }: Question, id: string): string[] {
  const asker = experimentId === null || experimentId === id ? `the ${role}` : `the ${role} for ${experimentId}`;
  if (failed !== null)
    return [
      `${asker} asked what was asked on record, too (${node}), and got no answer there; what follows from it is not compared`,
      `  recorded ${printable(failed)}`,
    ];
  return [
    `${asker} asked what is not in the record (${node}); ${lineText(line)}`,
    ...besideEachOther(recorded, replayed),
  ];
}

const lineText = (line: number): string =>
  line === 0
    ? 'its words are those on record, the settings of the call or the version of its prompt file differ'
    : `its line ${line} differs`;

/** Both values; of long ones the part in which they begin to differ. */
function besideEachOther(recorded: string | null, replayed: string | null): string[] {
  let same = 0;
  while (recorded?.[same] !== undefined && recorded[same] === replayed?.[same]) same++;
  const from = same > longestValue - shownBefore ? same - shownBefore : 0;
  const part = (value: string | null): string => {
    if (value === null) return 'nothing';
    const [before, after] = [from > 0 ? '…' : '', value.length > from + longestValue ? '…' : ''];
    return `${before}${printable(value.slice(from, from + longestValue))}${after}`;
  };
  return [`  recorded ${part(recorded)}`, `  replayed ${part(replayed)}`];
}

function retrainedText({ trainings, values, differences }: NonNullable<ReplayReport['retrained']>, paint: Paint) {
  const first = differences[0];
  if (!first) return [paint.good(`trained again: all ${values} values of ${trainings} trainings are equal`)];
  const [head = '', ...lines] = textTable(
    [{ title: 'experiment' }, { title: 'value' }, { title: 'recorded' }, { title: 'again' }, { title: 'within noise' }],
    differences.slice(0, shownDifferences).map((one) => rowOf(one)),
    Number.POSITIVE_INFINITY,
  );
  const more = differences.length - shownDifferences;
  return [
    paint.bad(
      `trained again: ${differences.length} of ${values} values of ${trainings} trainings differ, first ${first.name} of ${first.experimentId}`,
    ),
    paint.dim(head),
    ...lines,
    ...(more > 0 ? [`and ${more} more (--json has all)`] : []),
  ];
}

const rowOf = ({ experimentId, name, recorded, again, withinNoise }: TrainedAgain): string[] => [
  experimentId,
  name,
  printable(String(recorded ?? '-')),
  printable(String(again ?? '-')),
  withinNoise === null ? 'not measured' : withinNoise ? 'yes' : 'no',
];
