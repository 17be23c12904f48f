import { h } from '../../dom/element.mjs';
import { counted, fixed, grouped, missing, money } from '../../format/numbers.mjs';
import { clockTime } from '../../format/time.mjs';
import { get } from '../../live/api.mjs';
import { card } from '../../parts/card.mjs';
import { chip } from '../../parts/chips.mjs';
import { callTexts } from './call-texts.mjs';

/** @typedef {import('@asi/contracts').CallRecord} CallRecord */

/**
 * @param {import('@asi/reading').ExperimentView} experiment
 * @returns {Promise<CallRecord[]>}
 */
export const loadCalls = ({ id }) => get(`experiments/${id}/calls`);

/**
 * Every question to a language model for this experiment, in the order of asking; opened, with its prompt and its answer.
 * @param {import('@asi/reading').ExperimentView} experiment
 * @param {CallRecord[]} calls
 * @param {import('../../live/live-state.mjs').LiveState} live
 */
export const callsTab = ({ finished }, calls, live) =>
  card(
    { title: 'Calls', note: calls.length === 0 ? '' : sumWords(calls, finished) },
    calls.length === 0
      ? h('p', { class: 'empty' }, 'No language model was asked for this experiment.')
      : h(
          'div',
          { class: 'calls' },
          h(
            'div',
            { class: 'titles', 'aria-hidden': 'true' },
            titles.map((title) => h('span', {}, title)),
          ),
          h(
            'ol',
            {},
            calls.map((call) =>
              h(
                'li',
                { 'data-key': call._id },
                h(
                  'details',
                  { 'data-artifacts': [call.promptHash, call.answerHash ?? ''].join(' ') },
                  summary(call, finished),
                  callTexts(call, live.artifacts),
                ),
              ),
            ),
          ),
        ),
  );

const titles = ['Asked', 'Question', 'Model', 'Tokens in', 'Tokens out', 'Seconds', 'Price', 'Outcome'];

/**
 * @param {readonly CallRecord[]} calls
 * @param {boolean} experimentEnded
 */
function sumWords(calls, experimentEnded) {
  const sum = (/** @type {(call: CallRecord) => number | null | undefined} */ of) =>
    calls.reduce((total, call) => total + (of(call) ?? 0), 0);
  const least = calls.some((call) => lacksDollars(call, experimentEnded)) ? '≥ ' : '';
  return `${counted(calls.length, 'call')} · ${grouped(sum(({ usage }) => usage?.input))} tokens in, ${grouped(sum(({ usage }) => usage?.output))} out · ${least}${money(sum(({ dollars }) => dollars))}`;
}

/**
 * Whether more may have been paid for a call than is known, as in the sums of `asi cost`.
 * @param {CallRecord} call
 * @param {boolean} experimentEnded
 */
const lacksDollars = ({ state, dollars, usage, brokenOff }, experimentEnded) =>
  brokenOff > 0 ||
  (state === 'open' && experimentEnded) ||
  (dollars === null && (state === 'answered' || usage !== null));

/**
 * @param {CallRecord} call
 * @param {boolean} experimentEnded
 */
function summary(call, experimentEnded) {
  const { role, node, model, promptVersion, usage, seconds, retries, openings, brokenOff, dollars } = call;
  const tries = [
    retries > 0 ? (retries === 1 ? '1 retry' : `${retries} retries`) : '',
    openings > 1 ? `begun ${openings} times` : '',
    brokenOff > 0 ? `${brokenOff} broken off` : '',
  ];
  // What has no answer cost nothing, as far as anybody knows.
  const unknown = call.state === 'answered' ? 'not known' : '';
  const [time = '', date = ''] = clockTime(call.openedAt).split(' ').reverse();
  return h(
    'summary',
    {},
    cell('asked', time, date),
    cell('question', node, role),
    cell('model', model, promptVersion === 'none' ? 'no prompt file' : `prompt ${promptVersion.slice(0, 12)}`, {
      title: `${model}, written by version ${promptVersion} of the prompt file`,
    }),
    cell('input', grouped(usage?.input), usage ? `${grouped(usage.cached)} cached` : unknown, number),
    cell('output', grouped(usage?.output), usage ? `${grouped(usage.reasoning)} reasoning` : unknown, number),
    cell('seconds', call.state === 'open' ? missing : fixed(seconds, 1), tries.filter(Boolean).join(', '), number),
    cell(
      'price',
      dollars === null ? missing : `${brokenOff > 0 ? '≥ ' : ''}${money(dollars)}`,
      dollars === null ? unknown : '',
      number,
    ),
    h('span', { 'data-column': 'outcome' }, ...outcome(call, experimentEnded)),
  );
}

const number = { class: 'number' };

/**
 * @param {string} column
 * @param {string} text
 * @param {string} below
 * @param {import('../../dom/element.mjs').Attributes} [attributes]
 */
const cell = (column, text, below, attributes = {}) =>
  h('span', { 'data-column': column, ...attributes }, h('b', {}, text), below === '' ? null : h('small', {}, below));

/**
 * @param {CallRecord} call
 * @param {boolean} experimentEnded
 */
function outcome({ state, error }, experimentEnded) {
  if (state === 'answered') return [chip('answered', 'good')];
  if (state === 'failed') return [chip('failed'), h('small', { class: 'bad', title: error }, error)];
  // Begun, and its process died: it is begun again as long as its experiment is under way.
  return [experimentEnded ? chip('lost', 'warn') : chip('under way', 'active')];
}
