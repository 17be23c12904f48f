import { intervalPlot } from '../../charts/interval-plot.mjs';
import { h } from '../../dom/element.mjs';
import { fixed, toNumber } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

/**
 * Each task with the interval of its noise; the tick is DeltaNet.
 * @param {import('@asi/reading').ExperimentView} experiment
 * @param {import('./result-tab.mjs').ResultData} data
 */
export function tasksCard({ measurement, standing }, { baseline, leaderboard }) {
  const tasks = measurement?.tasks ?? [];
  // Without the noise between seeds only that of the held-out items is known, and that from many of them.
  const reach = leaderboard?.noise?.quantile95 ?? 1.96;
  if (tasks.length === 0) return null;
  const accuracies = tasks.filter((one) => one.metric === 'accuracy');
  const losses = tasks.filter((one) => one.metric === 'loss');
  const rows = (/** @type {typeof tasks} */ list) =>
    list.map((one) => {
      const value = toNumber(one.value) ?? Number.NaN;
      const between = standing?.tasks[one.task]?.noise ?? null;
      const deviation = Math.hypot(between ?? 0, toNumber(one.standardError) ?? 0);
      const reference = toNumber(baseline?.tasks[one.task]?.value);
      return {
        name: one.task,
        value,
        low: Math.max(0, value - reach * deviation),
        high: one.metric === 'accuracy' ? Math.min(1, value + reach * deviation) : value + reach * deviation,
        text: baseline ? `${fixed(value)} (${fixed(reference)})` : fixed(value),
        reference,
      };
    });
  return card(
    { title: 'Tasks', span: 6, note: `held-out${baseline ? '; tick and (number): DeltaNet' : ''}` },
    accuracies.length > 0
      ? intervalPlot({ key: 'accuracies', label: 'Accuracy', rows: rows(accuracies), domain: [0, 1] })
      : null,
    losses.length > 0
      ? [h('h3', {}, 'Loss, nats'), intervalPlot({ key: 'losses', label: 'Loss', rows: rows(losses) })]
      : null,
    h('p', { class: 'faint' }, 'Intervals: 95 %, of the noise between seeds and of the held-out sample together.'),
  );
}
