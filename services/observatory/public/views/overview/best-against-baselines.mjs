import { intervalPlot } from '../../charts/interval-plot.mjs';
import { h } from '../../dom/element.mjs';
import { fixed } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';
import { differenceText } from '../../parts/difference.mjs';

const shown = 5;

/**
 * The best candidates and all baselines: merit minus DeltaNet's, with 95 % intervals from the measured noise.
 * @param {Pick<import('../overview-view.mjs').CampaignData & {}, 'leaderboard' | 'progress'>} campaign
 */
export function bestAgainstBaselines({ leaderboard, progress }) {
  const { rows, noise, baseline } = leaderboard;
  const hasEnded = progress.finishedAt !== null;
  const candidates = rows.filter((row) => row.kind === 'candidate').slice(0, shown);
  const baselines = rows.filter((row) => row.kind === 'baseline');
  const flagged = candidates.filter(({ flags }) => flags && flags.length > 0);
  const compared = [...candidates, ...baselines].filter((row) => row.difference);
  return card(
    {
      title: 'Best against baselines',
      span: hasEnded && progress.inFlight.length === 0 ? 12 : 5,
      note: `merit minus ${baseline}, 95 % intervals`,
    },
    compared.length === 0
      ? h(
          'p',
          { class: 'empty' },
          hasEnded
            ? 'The campaign ended before there was anything to compare.'
            : noise
              ? 'No candidate is judged yet.'
              : 'The baselines are being trained; their spread over seeds gives the noise.',
        )
      : intervalPlot({
          key: 'best',
          label: `Merit minus ${baseline}`,
          zero: 0,
          rows: compared.map(({ id, name, kind, difference }) => ({
            name: kind === 'baseline' ? `baseline ${name}` : name,
            title: `${name} (${id})`,
            value: difference?.value ?? Number.NaN,
            low: difference?.low ?? Number.NaN,
            high: difference?.high ?? Number.NaN,
            text: differenceText(difference),
            tone: difference?.verdict === 'better' ? 'good' : difference?.verdict === 'worse' ? 'bad' : '',
          })),
        }),
    flagged.length > 0
      ? h(
          'p',
          { class: 'soft' },
          `Flagged, because soft tests of their certificate failed: ${flagged.map(({ name }) => name).join(', ')}.`,
        )
      : null,
    noise
      ? h(
          'p',
          { class: 'soft' },
          `Noise of one run's merit: ±${fixed(noise.merit)} (one standard deviation between seeds). An interval that crosses the line is inside the noise; candidates are provisional unless they are called confirmed.`,
        )
      : null,
  );
}
