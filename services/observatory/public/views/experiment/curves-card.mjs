import { lineChart } from '../../charts/line-chart.mjs';
import { h } from '../../dom/element.mjs';
import { toNumber } from '../../format/numbers.mjs';
import { card } from '../../parts/card.mjs';

/**
 * Training loss by task: measured curves, or the live ones while it trains, over DeltaNet's.
 * @param {import('@asi/reading').ExperimentView} experiment
 * @param {import('./result-tab.mjs').ResultData} data
 * @param {import('../../live/live-state.mjs').LiveTraining | undefined} training
 */
export function curvesCard(experiment, { curves, baselineCurves, leaderboard }, training) {
  const own = curves ?? (training ? fromTraining(training) : null);
  if (!own) {
    return experiment.finished && !experiment.measurement
      ? null
      : card({ title: 'Training curves' }, h('p', { class: 'empty' }, 'The curves appear as soon as training starts.'));
  }
  const reference = leaderboard?.baseline ?? 'delta-net';
  return card(
    { title: 'Training curves', note: curves ? 'training loss, nats' : `live · ${training?.phase ?? ''}` },
    h(
      'div',
      { class: 'charts' },
      Object.keys(own).map((task) =>
        lineChart({
          key: `curve.${task}`,
          title: task,
          xLabel: 'step',
          countsX: true,
          yLabel: 'loss',
          width: 420,
          height: 200,
          series: [
            ...(baselineCurves?.[task]
              ? [{ name: reference, points: points(baselineCurves[task]), tone: 'reference' }]
              : []),
            { name: experiment.name, points: points(own[task] ?? []), tone: 'tone-0' },
          ],
        }),
      ),
    ),
  );
}

/** @param {import('../../live/live-state.mjs').LiveTraining} training */
const fromTraining = ({ curves }) =>
  Object.fromEntries(
    Object.entries(curves).map(([task, samples]) => [
      task,
      samples.map(({ step, loss }) => /** @type {[number, number]} */ ([step, loss])),
    ]),
  );

/**
 * @param {ReadonlyArray<readonly [number, number]>} pairs
 * @returns {Array<readonly [number, number]>}
 */
const points = (pairs) => pairs.map(([step, loss]) => [step, toNumber(loss) ?? Number.NaN]);
