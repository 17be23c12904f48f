import { lineChart } from '../../charts/line-chart.mjs';
import { h } from '../../dom/element.mjs';
import { toNumber } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

/**
 * Fitness of each completed candidate and the best so far, against DeltaNet with the band of the noise of one run.
 * @param {Pick<NonNullable<import('../overview-view.mjs').CampaignData>, 'history' | 'leaderboard' | 'progress'>} campaign
 */
export function historyCard({ history, leaderboard, progress }) {
  const { points } = history;
  const title = { title: 'Fitness over time', span: 6, note: progress.best ? `best: ${progress.best.name}` : '' };
  if (points.length === 0) {
    const { completed, wanted } = progress.baselines;
    const hasEnded = progress.finishedAt !== null;
    const why = hasEnded
      ? 'No candidate came to a result.'
      : completed < wanted
        ? 'Candidates follow when the baselines are measured.'
        : 'No candidate is judged yet.';
    return card(title, h('p', { class: 'empty' }, why));
  }
  const at = (/** @type {number | null} */ value) => toNumber(value) ?? Number.NaN;
  const baseline =
    leaderboard.rows.find((row) => row.kind === 'baseline' && row.name === leaderboard.baseline)?.fitness ?? null;
  const half = (leaderboard.noise?.fitness ?? 0) * (leaderboard.noise?.quantile95 ?? 0);
  const last = points.at(-1)?.place ?? 1;
  /** @type {import('../../charts/line-chart.mjs').Series[]} */
  const reference =
    baseline === null
      ? []
      : [
          {
            name: leaderboard.baseline,
            points: [
              [1, baseline],
              [last, baseline],
            ],
            dashed: true,
            tone: 'reference',
          },
        ];
  const band =
    baseline === null || half === 0
      ? []
      : [
          {
            label: `95 % of single runs of ${leaderboard.baseline}`,
            low: baseline - half,
            high: baseline + half,
          },
        ];
  return card(
    title,
    lineChart({
      key: 'history',
      title: '',
      xLabel: 'completed candidates',
      countsX: true,
      yLabel: 'fitness',
      // Its text has the size of the page's also on a phone.
      width: Math.min(640, Math.max(320, innerWidth - 70)),
      height: 250,
      possible: [0, 1],
      bands: band,
      series: [
        ...reference,
        { name: 'candidate', points: points.map((one) => [one.place, at(one.fitness)]), dots: true, tone: 'tone-5' },
        { name: 'best so far', points: points.map((one) => [one.place, at(one.best)]), step: true, tone: 'tone-0' },
      ],
    }),
  );
}
