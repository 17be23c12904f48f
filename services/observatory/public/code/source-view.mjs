import { h } from '../dom/element.mjs';
import { highlightPython } from './highlight-python.mjs';

/** @param {string} source */
export const sourceView = (source) =>
  h(
    'div',
    { class: 'code', tabindex: '0', 'aria-label': 'Source' },
    highlightPython(source.replace(/\n$/, '')).map((line, index) =>
      h('div', { class: 'row' }, h('i', {}, index + 1), h('span', {}, line)),
    ),
  );
