import { intervalPlot } from '../../charts/interval-plot.mjs';
import { h } from '../../dom/element.mjs';
import { fixed, signed } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

const shown = 5;

/**
 * What the components are estimated to do: the best and the worst ones.
 * @param {Pick<import('../overview-view.mjs').CampaignData & {}, 'contributions' | 'progress'>} campaign
 */
export function contributionsCard({ contributions, progress }) {
  const { effects, measured, others } = contributions;
  const chosen = effects.length <= 2 * shown ? effects : [...effects.slice(0, shown), ...effects.slice(-shown)];
  return card(
    {
      title: 'What components contribute',
      span: 6,
      note: [
        ...(effects.length === 0 ? [] : [`from ${measured} measured candidates and ${others} other measurements`]),
        ...(chosen.length < effects.length ? [`best and worst ${shown} of ${effects.length}`] : []),
      ].join(' · '),
    },
    effects.length === 0
      ? h('p', { class: 'empty' }, whyNone(progress))
      : intervalPlot({
          key: 'contributions',
          label: 'Effect on merit',
          zero: 0,
          rows: chosen.map(({ component, effect, low, high, experiments, verdict }) => ({
            name: component,
            value: effect,
            low,
            high,
            text: `${signed(effect)} [${fixed(low)}, ${fixed(high)}] n=${experiments}`,
            tone: verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : '',
          })),
        }),
  );
}

/** @param {import('@asi/reading').Progress} progress */
function whyNone({ noise, finishedAt }) {
  if (noise !== null) return 'No component was measured beside another one in its place.';
  return finishedAt === null
    ? 'Effects are estimated when the baselines are measured.'
    : 'The baselines came to no reference, so there is nothing to estimate effects by.';
}
