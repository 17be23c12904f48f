import { h } from '../../dom/element.mjs';
import { compact, counted, fixed, grouped, toNumber } from '../../format/numbers.mjs';
import { chip, differenceChip, flaggedChip } from '../../parts/chips.mjs';
import { differenceText } from '../../parts/difference.mjs';
import { experimentLink } from '../../parts/experiment-link.mjs';
import { statusChip } from '../../parts/status-chip.mjs';

/** @typedef {import('@asi/reading').LeaderboardRow} Row */

/**
 * @param {import('@asi/reading').Leaderboard} leaderboard
 * @param {boolean} withTasks
 * @returns {Array<import('../../parts/table.mjs').Column<Row>>}
 */
export function leaderboardColumns({ rows }, withTasks) {
  const tasks = withTasks ? Object.keys(rows[0]?.tasks ?? {}) : [];
  return [
    { name: 'rank', label: '#', number: true, cell: (row) => row.rank, order: (row) => row.rank },
    {
      name: 'name',
      label: 'Architecture',
      kind: 'name',
      cell: (row) => experimentLink(row.id, row.name),
      order: (row) => row.name,
    },
    {
      name: 'mark',
      label: '',
      cell: (row) => [
        row.kind === 'baseline'
          ? h('span', { class: 'chip', title: row.runs.join(', ') }, `baseline · ${counted(row.runs.length, 'run')}`)
          : null,
        statusChip(row),
        row.suspicious ? chip('too good?', 'warn') : null,
        flaggedChip(row.flags),
      ],
    },
    ...(rows.some((row) => row.arm !== null)
      ? [
          {
            name: 'arm',
            label: 'Arm',
            cell: (/** @type {Row} */ row) => row.arm ?? '',
            order: (/** @type {Row} */ row) => row.arm,
          },
        ]
      : []),
    {
      name: 'fitness',
      label: 'Fitness',
      number: true,
      best: 'high',
      title: '± one standard deviation between seeds, the judge included',
      cell: (row) => [h('b', {}, fixed(row.fitness)), noiseOf(row.noise?.fitness)],
      order: (row) => row.fitness,
    },
    {
      name: 'merit',
      label: 'Merit',
      title: 'what was measured, without the judge; ± one standard deviation between seeds',
      number: true,
      best: 'high',
      cell: (row) => [fixed(row.merit), noiseOf(row.noise?.merit)],
      order: (row) => row.merit,
    },
    {
      name: 'difference',
      label: 'Difference',
      title: 'merit minus DeltaNet’s, 95 % interval',
      number: true,
      best: 'high',
      cell: (row) => differenceText(row.difference),
      order: (row) => row.difference?.value ?? null,
    },
    { name: 'verdict', label: '', cell: (row) => (row.difference ? differenceChip(row.difference) : null) },
    {
      name: 'loss',
      label: 'LM loss',
      title: 'held-out loss of the byte language model, nats per byte',
      number: true,
      best: 'low',
      cell: (row) => [fixed(row.languageModelLoss), noiseOf(row.noise?.languageModelLoss)],
      order: (row) => toNumber(row.languageModelLoss),
    },
    {
      name: 'battery',
      label: 'Battery',
      title: 'mean accuracy over the synthetic tasks',
      number: true,
      best: 'high',
      cell: (row) => [fixed(row.battery), noiseOf(row.noise?.battery)],
      order: (row) => toNumber(row.battery),
    },
    ...tasks
      .filter((task) => rows[0]?.tasks[task]?.metric === 'accuracy')
      .map((task) => ({
        name: `task.${task}`,
        label: task,
        number: true,
        best: /** @type {const} */ ('high'),
        cell: (/** @type {Row} */ row) => [
          fixed(row.tasks[task]?.value, 2),
          noiseOf(row.tasks[task]?.noise ?? undefined, 2),
        ],
        order: (/** @type {Row} */ row) => toNumber(row.tasks[task]?.value),
      })),
    {
      name: 'judge',
      label: 'Judge',
      title: '1 to 10',
      number: true,
      best: 'high',
      cell: (row) => fixed(row.judge, 1),
      order: (row) => row.judge,
    },
    {
      name: 'parameters',
      label: 'Params',
      title: 'of one layer’s mixer',
      number: true,
      best: 'low',
      cell: (row) => grouped(row.parameters),
      order: (row) => row.parameters,
    },
    {
      name: 'flops',
      label: 'FLOPs/token',
      number: true,
      best: 'low',
      cell: (row) => compact(row.flopsPerToken || null),
      // 0: not measured, and so not the lowest.
      order: (row) => row.flopsPerToken || null,
    },
    {
      name: 'seconds',
      label: 'CPU-s',
      title: 'CPU-seconds of one run',
      number: true,
      best: 'low',
      cell: (row) => fixed(row.seconds, 1),
      order: (row) => row.seconds,
    },
  ];
}

/**
 * @param {number | undefined} noise
 * @param {number} [digits]
 */
const noiseOf = (noise, digits) =>
  noise === undefined ? null : h('span', { class: 'faint' }, ` ±${fixed(noise, digits)}`);
