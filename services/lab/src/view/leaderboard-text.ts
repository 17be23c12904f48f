import { type Failure, isNotShownAgain, type Leaderboard, type LeaderboardRow, type Progress } from '@asi/reading';
import { confirmationText, statusWords } from './confirmation-text.ts';
import { fitName } from './fit-name.ts';
import { flaggedText } from './flagged-text.ts';
import { counted, fixed, flops, signed, thousands, withNoise } from './format.ts';
import { nothingRanked } from './nothing-ranked.ts';
import { oldGroundText } from './old-ground-text.ts';
import type { Paint } from './paint.ts';
import { type Column, textTable } from './text-table.ts';
import { fit, printable } from './text-width.ts';

/** On narrow screens the status stays only where it says more of some candidate than that it is provisional. */
const columnsFor = (rows: readonly LeaderboardRow[]): readonly Column[] => [
  { title: '#', align: 'right' },
  { title: 'id', expendable: 3 },
  { title: 'name', shortest: 12, cut: fitName },
  ...(isSplit(rows) ? [{ title: 'arm', expendable: 1 }] : []),
  { title: 'fitness', align: 'right' },
  { title: 'merit', align: 'right' },
  { title: 'to DeltaNet [95 %]' },
  { title: '', expendable: 3 },
  { title: 'status', expendable: rows.some(({ confirmation, flags }) => confirmation || flags?.length) ? 2 : 5 },
  { title: 'battery', align: 'right', expendable: 4 },
  { title: 'LM loss', align: 'right', expendable: 4 },
  { title: 'params', align: 'right', expendable: 6 },
  { title: 'FLOP/tok', align: 'right', expendable: 7 },
  { title: 'CPU-s', align: 'right', expendable: 7 },
];

/** Nothing is said of what is inside the noise: most rows are, and the words would cost a column of numbers. */
const shortWords = { better: 'better', worse: 'worse', 'inside-noise': '' } as const;
const verdictOf = (difference: NonNullable<LeaderboardRow['difference']>): string =>
  isNotShownAgain(difference) ? 'not again' : shortWords[difference.verdict];

const isSplit = (rows: readonly LeaderboardRow[]): boolean => rows.some(({ arm }) => arm !== null);

const cells = (row: LeaderboardRow, split: boolean): string[] => [
  String(row.rank),
  row.id,
  `${row.kind === 'baseline' ? `${row.runs.length}× ` : ''}${printable(row.name)}`,
  ...(split ? [row.arm ?? ''] : []),
  withNoise(row.fitness, row.noise?.fitness),
  withNoise(row.merit, row.noise?.merit),
  row.difference
    ? `${signed(row.difference.value, 2)} [${signed(row.difference.low, 2)},${signed(row.difference.high, 2)}]`
    : '-',
  row.difference ? verdictOf(row.difference) : '',
  statusWords(row),
  withNoise(row.battery, row.noise?.battery),
  withNoise(row.languageModelLoss, row.noise?.languageModelLoss),
  thousands(row.parameters),
  flops(row.flopsPerToken),
  fixed(row.seconds, 1),
];

/** The leaderboard with the noise of each number, and one sentence on how it was measured. */
export function leaderboardText(
  board: Leaderboard,
  progress: Pick<Progress, 'state' | 'inFlight'>,
  width: number,
  paint: Paint,
): string[] {
  if (board.rows.length === 0) return [nothingRanked(progress)];
  const { rows } = board;
  const [head = '', ...lines] = textTable(
    columnsFor(rows),
    rows.map((row) => cells(row, isSplit(rows))),
    width,
  );
  const tint = (row: LeaderboardRow | undefined, line: string) =>
    row?.kind === 'baseline' ? paint.dim(line) : row?.difference?.verdict === 'better' ? paint.good(line) : line;
  const ground = oldGroundText(board.oldGround);
  const flagged = flaggedText(rows);
  return [
    paint.bold(head),
    ...lines.map((line, index) => tint(rows[index], line)),
    '',
    noiseText(board),
    'A name that begins with a number and × is a baseline: the mean over that many seeds.',
    'A candidate that is not confirmed is provisional: it had one run and was chosen among many, so its number is too high on average; asi confirm ID trains it again with fresh seeds.',
    ...(flagged === '' ? [] : [flagged]),
    ...(rows.some(({ difference }) => difference && isNotShownAgain(difference)) ? [notAgain] : []),
    ...confirmed(rows),
    ...(ground === '' ? [] : [ground]),
  ];
}

const notAgain =
  '"not again": the interval of the run that was chosen excludes 0, and fresh seeds did not show the difference again.';

const confirmed = (rows: readonly LeaderboardRow[]): string[] => {
  const lines = rows.flatMap(({ confirmation }) => (confirmation ? confirmationText(confirmation) : []));
  return lines.length === 0
    ? []
    : [
        ...lines,
        'Intervals of confirmations hold at every look and for all confirmations of the laboratory at once, each end with 95 %; asi show ID names the runs that they follow from.',
      ];
};

/** How large the noise is and how it was measured, in one sentence. */
export const noiseText = ({ noise }: Leaderboard): string =>
  noise
    ? `± is the ${noise.method} (${counted(noise.degreesOfFreedom, 'degree')} of freedom): for one run fitness ${fixed(noise.fitness)}, merit ${fixed(noise.merit)}, battery ${fixed(noise.battery)}, loss ${fixed(noise.languageModelLoss)}; "better" and "worse" only where the 95 % interval excludes 0.`
    : 'The noise is not known yet: the baselines are still being measured.';

/** What gave no result, with the reasons. */
export function failuresText(failures: readonly Failure[], width: number, paint: Paint): string[] {
  if (failures.length === 0) return [];
  return [
    paint.bold(`without a result: ${failures.length}`),
    ...failures.map(({ id, outcome, code, message }) =>
      fit(`${id}  ${outcome}  ${code}: ${printable(message)}`, width),
    ),
  ];
}
