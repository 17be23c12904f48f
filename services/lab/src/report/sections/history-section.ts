import { type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { chart, type Level } from '../svg/chart.ts';

/** Fitness of each candidate in the order of finishing, with the best so far, and its size. */
export function historySection({ history, leaderboard }: Pick<ReportData, 'history' | 'leaderboard'>): Html {
  const { points } = history;
  const quantile = leaderboard.noise?.quantile95 ?? 0;
  const baselines = leaderboard.rows.filter(({ kind, fitness }) => kind === 'baseline' && fitness !== null);
  const anchor = baselines.find(({ name }) => name === leaderboard.baseline);
  const level = (row: (typeof baselines)[number] | undefined, color: number): Level[] =>
    row
      ? [
          {
            y: row.fitness ?? 0,
            name: row.name,
            color,
            ...(row.noise ? { band: fitnessBand(row.fitness ?? 0, quantile * row.noise.fitness) } : {}),
          },
        ]
      : [];
  const strongest = baselines[0]?.name === anchor?.name ? undefined : baselines[0];
  const sized = (
    pick: (row: (typeof points)[number]) => number | null,
    title: string,
    y: string,
    own: number | undefined,
  ) =>
    chart({
      title,
      x: 'candidates, in the order of finishing',
      countsX: true,
      y,
      width: 420,
      height: 240,
      levels: own === undefined ? [] : [{ y: own, name: leaderboard.baseline, color: 4 }],
      series: [
        {
          name: 'candidates',
          color: 0,
          shape: 'points',
          points: points.flatMap((one) => {
            const value = pick(one);
            return value === null ? [] : [{ x: one.place, y: value, title: `${one.id} ${one.name}: ${value}` }];
          }),
        },
      ],
    });
  return html`<h2 id="history">Fitness over time</h2>
${chart({
  title: 'Fitness of each candidate and the best so far',
  x: 'candidates, in the order of finishing',
  countsX: true,
  y: 'fitness',
  levels: [...level(anchor, 4), ...level(strongest, 1)],
  series: [
    {
      name: 'best so far',
      color: 2,
      shape: 'step',
      strong: true,
      points: points.flatMap(({ place, best }) => (best === null ? [] : [{ x: place, y: best }])),
    },
    {
      name: 'candidates',
      color: 0,
      shape: 'points',
      points: points.flatMap(({ place, id, name, fitness }) =>
        fitness === null ? [] : [{ x: place, y: fitness, title: `${id} ${name}: ${fitness.toFixed(3)}` }],
      ),
    },
  ],
})}
<p class="faint">Bands around the baselines: 95 % intervals of their means. The best of many noisy numbers is too high on average, so the green line rises a little even when nothing improves.</p>
<div class="grid2">${sized((one) => one.parameters, 'Mixer parameters', 'parameters', anchor?.parameters)}${sized(
    (one) => one.flopsPerToken || null,
    'FLOPs per token',
    'FLOPs',
    anchor?.flopsPerToken,
  )}</div>`;
}

/** Fitness lies in [0, 1], however wide the interval from few seeds is. */
const fitnessBand = (fitness: number, half: number): [number, number] => [
  Math.max(0, fitness - half),
  Math.min(1, fitness + half),
];
