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
  const { effects, arm, knew, measured } = contributions;
  const chosen = effects.length <= 2 * shown ? effects : [...effects.slice(0, shown), ...effects.slice(-shown)];
  return card(
    {
      title: 'What components contribute',
      span: 6,
      note: [
        ...(arm === null ? [] : [`from the designs of arm ${arm}`]),
        ...(knew === null ? [] : [`knows ${knew} of ${measured} measured candidates`]),
        ...(chosen.length < effects.length ? [`best and worst ${shown} of ${effects.length}`] : []),
      ].join(' · '),
    },
    effects.length === 0
      ? h('p', { class: 'empty' }, whyNone(contributions, progress))
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

/**
 * @param {import('@asi/reading').Contributions} contributions
 * @param {import('@asi/reading').Progress} progress
 */
function whyNone({ insightId }, { candidates, finishedAt }) {
  if (insightId !== null) return 'The newest analysis gives no effect of any component.';
  if (candidates.completed > 0) return 'No analysis of a completed candidate is stored yet.';
  return finishedAt === null
    ? 'The analyst estimates effects when the first candidate has a result.'
    : 'No candidate came to a result, so there is nothing to estimate effects from.';
}
