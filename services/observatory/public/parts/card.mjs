import { h } from '../dom/element.mjs';

/**
 * A titled part of a view.
 * @param {{ title: string, key?: string, span?: number, note?: import('../dom/element.mjs').Child }} card
 * @param {...(import('../dom/element.mjs').Child | readonly import('../dom/element.mjs').Child[])} children
 */
export const card = ({ title, key = title, span = 12, note }, ...children) =>
  h(
    'section',
    { class: `card span-${span}`, 'data-key': key, 'aria-label': title },
    h('header', {}, h('h2', {}, title), note ? h('span', { class: 'faint' }, note) : null),
    ...children,
  );

/**
 * A list of named values.
 * @param {ReadonlyArray<readonly [string, import('../dom/element.mjs').Child, (import('../dom/element.mjs').Child)?]>} pairs name, value, unit or remark
 * @param {string} [kind]
 */
export const facts = (pairs, kind = '') =>
  h(
    'dl',
    { class: `facts ${kind}` },
    pairs.map(([name, value, remark]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, value, remark ? h('small', {}, ' ', remark) : null)),
    ),
  );
