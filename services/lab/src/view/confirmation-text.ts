import type { LeaderboardRow } from '@asi/reading';
import { flaggedWord } from './flagged-text.ts';
import { fixed, signed } from './format.ts';
import { printable } from './text-width.ts';

type Confirmation = NonNullable<LeaderboardRow['confirmation']>;

/** The status of a row in a few words: `not confirmed (5 seeds), flagged`. */
export const statusWords = (row: Pick<LeaderboardRow, 'status' | 'confirmation' | 'flags'>): string =>
  [confirmationWords(row), flaggedWord(row)].filter(Boolean).join(', ');

function confirmationWords({ status, confirmation }: Pick<LeaderboardRow, 'status' | 'confirmation'>): string {
  if (status === 'baseline') return '';
  if (status === 'provisional' || !confirmation) return 'provisional';
  if (status === 'under-way') return `confirming (${confirmation.pairs} of ${confirmation.seeds.length})`;
  return `${status.replace('-', ' ')} (${confirmation.pairs} seeds)`;
}

/** What fresh seeds say of one candidate: a line for the end, and one for each thing that it was compared with. */
export function confirmationText({
  candidateId,
  status,
  why,
  pairs,
  order,
  level,
  differences,
}: Confirmation): string[] {
  const end = status === 'under-way' ? 'being confirmed' : status.replace('-', ' ');
  return [
    `${candidateId} ${end}: ${printable(why)} (${pairs} fresh seeds, confirmation ${order} of the laboratory, level ${(100 * level).toFixed(2)} %)`,
    ...differences.map(
      ({ name, relation, effect, low, high, shrunk, verdict }) =>
        `  minus ${relation === 'parent' ? 'its parent ' : ''}${printable(name)}: ${signed(effect)} [${signed(low)}, ${signed(high)}] merit ${verdict}${shrunk ? `, with the provisional run and shrunk for selection ${signed(shrunk.effect)} ±${fixed(shrunk.deviation)}` : ''}`,
    ),
  ];
}
