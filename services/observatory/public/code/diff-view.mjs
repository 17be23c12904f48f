import { h } from '../dom/element.mjs';
import { diffLines } from './diff-lines.mjs';
import { highlightPython } from './highlight-python.mjs';

const context = 3;

/**
 * The changed lines of a program with three lines around them.
 * @param {string} before
 * @param {string} after
 */
export function diffView(before, after) {
  const [oldText, newText] = [before, after].map((text) => text.replace(/\n$/, '').split('\n'));
  const edits = diffLines(oldText ?? [], newText ?? []);
  const changed = edits.flatMap((edit, index) => (edit.kind === 'same' ? [] : [index]));
  if (changed.length === 0) return h('p', { class: 'empty' }, 'The program is the same.');
  const near = new Set(
    changed.flatMap((index) => Array.from({ length: 2 * context + 1 }, (_, offset) => index + offset - context)),
  );
  const [oldLines, newLines] = [highlightPython(before), highlightPython(after)];
  const added = edits.filter((edit) => edit.kind === 'added').length;
  /** @type {HTMLElement[]} */
  const rows = [];
  let skipped = 0;
  for (const [index, edit] of edits.entries()) {
    if (!near.has(index)) {
      skipped++;
      continue;
    }
    if (skipped > 0) rows.push(gap(skipped));
    skipped = 0;
    const code = edit.kind === 'removed' ? oldLines[edit.before] : newLines[edit.after];
    rows.push(
      h(
        'div',
        { class: `row ${edit.kind}` },
        h('i', {}, edit.kind === 'added' ? '' : edit.before + 1),
        h('i', {}, edit.kind === 'removed' ? '' : edit.after + 1),
        h('i', {}, edit.kind === 'added' ? '+' : edit.kind === 'removed' ? '−' : ''),
        h('span', {}, code ?? []),
      ),
    );
  }
  if (skipped > 0) rows.push(gap(skipped));
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'soft' },
      h('span', { class: 'good' }, `+${added}`),
      ' ',
      h('span', { class: 'bad' }, `−${changed.length - added}`),
      ' lines',
    ),
    h('div', { class: 'code diff', tabindex: '0', 'aria-label': 'Changes' }, rows),
  );
}

/** @param {number} count */
const gap = (count) =>
  h(
    'div',
    { class: 'row skipped' },
    h('i', {}),
    h('i', {}),
    h('i', {}),
    h('span', {}, `${count} unchanged ${count === 1 ? 'line' : 'lines'}`),
  );
