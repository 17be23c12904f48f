import { h } from '../dom/element.mjs';
import { missing } from '../format/numbers.mjs';
import { preciseTime } from '../format/time.mjs';
import { experimentLink } from './experiment-link.mjs';

/** @typedef {import('@asi/reading').JournalLine} JournalLine */

/**
 * Messages, one a line; opened, a message shows what caused it, what it caused among those shown, and its raw envelope.
 * @param {readonly JournalLine[]} lines
 * @param {import('../live/live-state.mjs').LiveState} live
 * @param {readonly JournalLine[]} known what a cause is looked for in
 */
export function journalList(lines, live, known = lines) {
  const byId = new Map(known.map((line) => [line.id, line]));
  return h(
    'ol',
    { class: 'journal' },
    lines.map((line) =>
      h(
        'li',
        { 'data-key': line.sequence },
        h('details', { 'data-sequence': line.sequence }, summary(line, byId), detail(line, lines, byId, live)),
      ),
    ),
  );
}

/**
 * @param {JournalLine} line
 * @param {Map<string | null, JournalLine>} byId
 */
const summary = (line, byId) =>
  h(
    'summary',
    {},
    h('span', { class: 'sequence mono' }, line.sequence),
    h('span', { class: 'mono faint', title: 'the message that caused it' }, causeOf(line, byId)),
    h('span', { class: 'mono soft' }, line.time ? preciseTime(line.time) : missing),
    h('span', { class: `mono kind-${line.kind}` }, line.kind),
    h('span', { class: 'soft', title: line.source }, (line.source ?? missing).split('/')[0]),
    h(
      'span',
      { class: 'mono', title: line.type },
      (line.type ?? line.subject).replace(/^asi\./, '').replace(/\.v1$/, ''),
    ),
    h('span', {}, line.experimentId ? experimentLink(line.experimentId) : ''),
    h('span', { class: line.problem ? 'bad' : null, title: line.summary }, line.summary),
  );

/**
 * @param {JournalLine} line
 * @param {readonly JournalLine[]} lines
 * @param {Map<string | null, JournalLine>} byId
 * @param {import('../live/live-state.mjs').LiveState} live
 */
function detail(line, lines, byId, live) {
  const raw = live.envelopes.get(line.sequence);
  const cause = line.causationId === null ? null : byId.get(line.causationId);
  const effects = line.id === null ? [] : lines.filter((one) => one.causationId === line.id);
  return h(
    'div',
    { class: 'detail' },
    h(
      'div',
      {},
      'Caused by ',
      line.causationId === null
        ? 'nothing before it'
        : cause
          ? reference(cause)
          : h('span', { class: 'mono' }, line.causationId),
    ),
    effects.length > 0
      ? h(
          'div',
          {},
          'Led to ',
          effects.flatMap((one, index) => [index > 0 ? ', ' : '', reference(one)]),
        )
      : null,
    h('pre', {}, raw ?? 'Loading the envelope …'),
  );
}

/** @param {JournalLine} line */
const reference = (line) => h('span', { class: 'mono' }, `${line.sequence} ${line.type ?? line.subject}`);

/**
 * @param {JournalLine} line
 * @param {Map<string | null, JournalLine>} byId
 */
function causeOf(line, byId) {
  if (line.causationId === null) return '';
  const cause = byId.get(line.causationId);
  return cause ? `← ${cause.sequence}` : '← …';
}
