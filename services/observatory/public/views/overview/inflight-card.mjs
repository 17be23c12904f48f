import { h } from '../../dom/element.mjs';
import { counted, fixed, missing } from '../../format/numbers.mjs';
import { age } from '../../format/time.mjs';
import { card } from '../../parts/card.mjs';
import { stageChip } from '../../parts/chips.mjs';
import { experimentCell } from '../../parts/experiment-cell.mjs';
import { stageOf } from '../../parts/stage.mjs';

/**
 * Experiments under way with the last values of their training.
 * @param {import('@asi/reading').Progress} progress
 * @param {import('../../live/live-state.mjs').LiveState} live
 * @param {import('@asi/reading').Status | null} status
 */
export function inflightCard({ inFlight, state, finishedAt }, live, status) {
  // What has ended has nothing more to come: its numbers get the room.
  if (finishedAt !== null && inFlight.length === 0) return null;
  const idle =
    state === 'running' ? 'Nothing is under way at this moment.' : `The campaign is ${state}: nothing is under way.`;
  return card(
    { title: 'Under way', span: 7, note: inFlight.length ? counted(inFlight.length, 'experiment') : '' },
    inFlight.length === 0
      ? h('p', { class: 'empty' }, idle)
      : h(
          'div',
          { class: 'table-scroll' },
          h(
            'table',
            { class: 'under-way', 'aria-label': 'Experiments under way' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Experiment', 'Stage', 'For', 'Training', 'Loss'].map((label) =>
                  h('th', { scope: 'col', class: label === 'Loss' ? 'number' : null }, label),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              inFlight.map((one) => {
                const stage = stageOf(one, status);
                // What waits may have values of an earlier attempt.
                return row(one, stage, stage === 'training.queued' ? undefined : live.trainings.get(one.id));
              }),
            ),
          ),
        ),
  );
}

/**
 * @param {import('@asi/reading').InflightRow} one
 * @param {string} stage
 * @param {import('../../live/live-state.mjs').LiveTraining | undefined} training
 */
const row = (one, stage, training) =>
  h(
    'tr',
    { 'data-key': one.id },
    experimentCell(one),
    h('td', {}, stageChip(stage), one.attempt > 1 ? h('div', { class: 'warn' }, `attempt ${one.attempt}`) : null),
    h('td', { class: 'number' }, age(one.since)),
    h(
      'td',
      {},
      training ? (training.task ?? training.phase) : h('span', { class: 'faint' }, missing),
      training?.steps ? h('span', { class: 'faint' }, ` ${training.step}/${training.steps}`) : null,
      training?.steps
        ? h('progress', {
            max: training.steps,
            value: training.step ?? 0,
            'aria-label': `step ${training.step} of ${training.steps}`,
          })
        : null,
    ),
    h(
      'td',
      { class: 'number', 'data-live-loss': one.id },
      training?.loss === undefined ? missing : fixed(training.loss),
    ),
  );
