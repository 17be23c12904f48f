import type { FreshPairs } from '@asi/reading';
import { confirmationText } from './confirmation-text.ts';
import { fixed, signed } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';

type Pair = FreshPairs['pairs'][number];

/** A confirmation with its runs, so that whoever doubts the verdict can follow it from here to the raw values. */
export function freshPairsText({ result, pairs }: FreshPairs, paint: Paint): string[] {
  if (pairs.length === 0) return confirmationText(result);
  const [head = '', ...lines] = textTable(
    [
      { title: 'look at', align: 'right' },
      { title: 'seed', align: 'right' },
      { title: 'run' },
      { title: 'merit', align: 'right' },
      { title: 'beside it' },
      { title: 'merit', align: 'right' },
      { title: 'difference', align: 'right' },
      { title: '' },
    ],
    pairs.flatMap(rowsOf),
    Number.POSITIVE_INFINITY,
  );
  return [
    ...confirmationText(result),
    paint.dim(`  ${head}`),
    ...lines.map((line) => `  ${line}`),
    paint.dim(
      '  Whoever asks, here or on the leaderboard, has the verdict computed anew from these runs, by the plan in the record of the campaign (level, looks, seeds, runs); no stored verdict is read. asi show RUN tells of one. asi rescore RUN computes its scores again from its raw values, and compares the plan and the verdict with those that the journal announced.',
    ),
  ];
}

const rowsOf = ({ look, seed, counts, candidate, against }: Pair): string[][] =>
  against.map(({ run, difference }) => [
    `${look} pairs`,
    String(seed),
    candidate?.id ?? '-',
    meritOf(candidate),
    run?.id ?? '-',
    meritOf(run),
    difference === null ? '-' : signed(difference),
    counts ? '' : 'not counted',
  ]);

/** Where it shows nothing, why. */
function meritOf(run: Pair['candidate']): string {
  if (run === null) return '-';
  if (run.merit !== null) return fixed(run.merit);
  return run.state === 'completed' ? 'suspect' : run.state;
}
