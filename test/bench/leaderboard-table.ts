/**
 * Prints a campaign as the README's table: its baselines, and its best candidates.
 *
 * Run: `npm run -s asi -- leaderboard --json | node_modules/.bin/node test/bench/leaderboard-table.ts [--candidates 5]`.
 */
import { text } from 'node:stream/consumers';
import { isNotShownAgain, leaderboardSchema } from '@asi/reading';
import { readOptions } from './support/read-options.ts';

const values = readOptions(import.meta.url, { candidates: { type: 'string', default: '5' } });
const { rows, noise } = leaderboardSchema.parse(JSON.parse(await text(process.stdin)));

const number = (value: number | null, deviation: number | null | undefined): string =>
  value === null ? '–' : `${value.toFixed(3)} ±${(deviation ?? Number.NaN).toFixed(3)}`;
const signed = (value: number, digits: number): string => `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;
const verdicts: Readonly<Record<string, string>> = { 'inside-noise': 'inside noise' };

const candidates = rows.filter(({ kind }) => kind === 'candidate').slice(0, Number(values.candidates));
const shown = rows.filter((row) => row.kind === 'baseline' || candidates.includes(row));
const lines = shown.map((row) => {
  const { rank, name, kind, runs, status, difference } = row;
  const compared = difference
    ? `${signed(difference.value, 3)} [${signed(difference.low, 2)}, ${signed(difference.high, 2)}] ${isNotShownAgain(difference) ? 'not shown again' : (verdicts[difference.verdict] ?? difference.verdict)}`
    : '–';
  return [
    rank,
    `${name} (${kind === 'baseline' ? `baseline, ${runs.length} seeds` : `${status}${row.flags?.length ? ', flagged' : ''}`})`,
    number(row.fitness, row.noise?.fitness),
    number(row.merit, row.noise?.merit),
    compared,
    number(row.battery, row.noise?.battery),
    number(row.languageModelLoss, row.noise?.languageModelLoss),
    `${Math.round((row.parameters ?? 0) / 1000)}k`,
  ].join(' | ');
});
process.stdout.write(
  `| | design | fitness | merit | merit minus DeltaNet, 95 % | battery | LM loss | params |
|---|---|---|---|---|---|---|---|
${lines.map((line) => `| ${line} |`).join('\n')}

Noise: ${noise?.method}; ${noise?.degreesOfFreedom} degrees of freedom.
`,
);
