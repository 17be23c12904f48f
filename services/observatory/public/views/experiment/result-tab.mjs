import { h } from '../../dom/element.mjs';
import { compact, fixed, grouped } from '../../format/numbers.mjs';
import { get } from '../../live/api.mjs';
import { card, facts } from '../../parts/card.mjs';
import { differenceChip } from '../../parts/chips.mjs';
import { confirmationCard } from '../../parts/confirmation-card.mjs';
import { differenceText } from '../../parts/difference.mjs';
import { analysisCard } from './analysis-card.mjs';
import { certificateCard } from './certificate-card.mjs';
import { curvesCard } from './curves-card.mjs';
import { ideaCard } from './idea-card.mjs';
import { judgementCard } from './judgement-card.mjs';
import { spentCard } from './spent-card.mjs';
import { tasksCard } from './tasks-card.mjs';

/**
 * @typedef {import('@asi/reading').ExperimentView} ExperimentView
 * @typedef {{
 *   curves: import('@asi/reading').Curves | null, baselineCurves: import('@asi/reading').Curves | null,
 *   baseline: import('@asi/reading').LeaderboardRow | null, leaderboard: import('@asi/reading').Leaderboard | null,
 *   certificate: import('@asi/contracts').Certificate | null, evidence: string | null,
 * }} ResultData
 */

/**
 * @param {ExperimentView} experiment
 * @returns {Promise<ResultData>}
 */
export async function loadResult(experiment) {
  const { id, campaignId, artifacts } = experiment;
  const [leaderboard, curves, certificate, evidence] = await Promise.all([
    get(`campaigns/${campaignId}/leaderboard`).catch(() => null),
    artifacts.curves ? get(`experiments/${id}/curves`).catch(() => null) : null,
    bodyOf(artifacts.certificate),
    bodyOf(artifacts.evidence),
  ]);
  const baseline =
    leaderboard?.rows.find(
      (/** @type {import('@asi/reading').LeaderboardRow} */ row) =>
        row.kind === 'baseline' && row.name === leaderboard.baseline,
    ) ?? null;
  const baselineCurves =
    baseline && baseline.id !== id ? await get(`experiments/${baseline.id}/curves`).catch(() => null) : null;
  return {
    leaderboard,
    baseline,
    curves,
    baselineCurves,
    certificate: certificate === null ? null : JSON.parse(certificate),
    evidence,
  };
}

/** @param {string | null} hash */
const bodyOf = async (hash) =>
  hash === null ? null : ((await get(`artifacts/${hash}`).catch(() => null))?.body ?? null);

/**
 * @param {ExperimentView} experiment
 * @param {ResultData} data
 * @param {import('../../live/live-state.mjs').LiveState} live
 */
export function resultTab(experiment, data, live) {
  const { record } = experiment;
  return h(
    'div',
    { class: 'grid' },
    numbersCard(experiment),
    confirmationCard(experiment.standing?.confirmation ? [experiment.standing.confirmation] : []),
    reasonCard(experiment, data.evidence),
    ideaCard(experiment),
    tasksCard(experiment, data),
    curvesCard(experiment, data, live.trainings.get(experiment.id)),
    judgementCard(record?.judgement ?? null),
    analysisCard(experiment),
    spentCard(experiment.spent),
    certificateCard(data.certificate),
  );
}

/** @param {ExperimentView} experiment */
function numbersCard({ standing, record, measurement }) {
  if (!measurement) return null;
  const noise = standing?.noise;
  // The row's noise is that of its mean; loss and battery here are of this one run.
  const ofOneRun = (/** @type {number} */ deviation) => `±${fixed(deviation * Math.sqrt(standing?.runs.length ?? 1))}`;
  const runs = standing && standing.runs.length > 1 ? `mean of ${standing.runs.length} runs` : '';
  return card(
    { title: 'Numbers', note: runs ? 'fitness, merit and difference are means over the seeds of this baseline' : '' },
    facts([
      [
        'Fitness',
        fixed(standing?.fitness ?? record?.fitness?.total),
        [noise ? `±${fixed(noise.fitness)}` : '', standing ? `rank ${standing.rank}` : ''].filter(Boolean).join(', '),
      ],
      ['Merit', fixed(standing?.merit ?? record?.fitness?.merit), noise ? `±${fixed(noise.merit)}` : ''],
      [
        'Against DeltaNet',
        standing?.difference ? differenceText(standing.difference) : '–',
        standing?.difference ? differenceChip(standing.difference) : '',
      ],
      [
        'LM loss',
        fixed(measurement.languageModelLoss),
        `${noise ? `${ofOneRun(noise.languageModelLoss)} ` : ''}nats/byte`,
      ],
      ['Battery', fixed(measurement.battery), `${noise ? `${ofOneRun(noise.battery)} ` : ''}mean accuracy`],
      ['Judge', fixed(record?.judgement?.total, 1), 'of 10'],
      ['Mixer parameters', grouped(measurement.parameters.mixer), `of ${grouped(measurement.parameters.total)}`],
      ['FLOPs per token', compact(measurement.flopsPerToken || null)],
      ['State', grouped(measurement.stateSize), measurement.stateSize === null ? 'unknown' : 'elements'],
      ['CPU time', `${fixed(measurement.cpuSeconds, 1)} s`, `tier ${measurement.isolationTier}`],
    ]),
    measurement.suspectLeak
      ? h('p', { class: 'warn' }, `Suspect of a leak, so scored by prefixes alone: ${measurement.suspectLeak}`)
      : null,
    record?.fitness?.suspicious
      ? h(
          'p',
          { class: 'warn' },
          'The loss is so far below the baseline that a second look is owed before this number is believed.',
        )
      : null,
  );
}

/**
 * @param {ExperimentView} experiment
 * @param {string | null} evidence
 */
function reasonCard({ record }, evidence) {
  if (!record?.reason) return null;
  return card(
    {
      title:
        record.outcome === 'rejected'
          ? 'Why it was rejected'
          : `Why it was ${record.outcome === 'failed' ? 'given up' : record.outcome}`,
    },
    h('p', {}, h('code', { class: 'bad' }, record.reason.code)),
    h('p', { class: 'prose' }, record.reason.message),
    evidence ? h('details', { class: 'evidence' }, h('summary', {}, 'Evidence'), h('pre', {}, evidence)) : null,
  );
}
