import type { NoiseQuantity, NoiseView } from '@asi/reading';
import { fixed } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';

/** Scores and accuracies lie in [0, 1]: no difference is larger than 1. A number that never moved tells nothing. */
const seen = ({ what, deviation }: NoiseQuantity, effect: number | undefined): string =>
  deviation === 0 || effect === undefined ? '-' : what !== 'loss' && effect > 1 ? 'none' : fixed(effect, 3);

const shownPairs = [3, 5, 8] as const;

/** How much chance moves every number, and what differences can be seen through it. */
export function noiseText(
  { campaignId, yardstick, method, models, quantities }: NoiseView,
  width: number,
  paint: Paint,
): string[] {
  const columns = [
    { title: 'quantity' },
    { title: '', expendable: 2 },
    { title: 'one run ±', align: 'right' as const },
    { title: 'df', align: 'right' as const },
    { title: 'in pairs ±', align: 'right' as const, expendable: 1 },
    { title: '1 run', align: 'right' as const },
    ...shownPairs.map((seeds) => ({ title: `${seeds} seeds`, align: 'right' as const })),
  ];
  const cells = (one: NoiseQuantity): string[] => [
    one.name,
    one.what,
    fixed(one.deviation, 4),
    String(one.degreesOfFreedom),
    one.paired ? `${fixed(one.paired.deviation, 4)} (${one.paired.degreesOfFreedom})` : '-',
    seen(one, one.oneAgainstOne),
    ...shownPairs.map((seeds) => seen(one, one.pairs.find((each) => each.seeds === seeds)?.effect)),
  ];
  const [head = '', ...lines] = textTable(columns, quantities.map(cells), width);
  return [
    paint.bold(`noise of campaign ${campaignId}`),
    '',
    paint.bold(head),
    ...lines,
    '',
    `How it was measured: ${method}.`,
    `Reference runs: ${models.map(({ name, seeds }) => `${name} (seeds ${seeds.join(', ')})`).join(', ')}.`,
    '"one run ±" is the standard deviation of one run between seeds, df its degrees of freedom. "in pairs ±" is what of it is left in a difference of two runs with the same seed and data order, with its degrees of freedom: the smaller of the two decides what pairing is worth.',
    'The columns "1 run" to "8 seeds": smallest true difference between two programs that a two-sided 5 % test with this deviation finds with 80 % power; one run of each, or the means over so many seeds. "none": not even 0 against 1; -: this number was the same in all runs of a model.',
    'Confirmations ask for more than 5 %, because many candidates are tried (docs/evaluation/confirmation.md).',
    `Yardstick: ${yardstick}.`,
  ];
}
