import { h } from '../dom/element.mjs';

/** The end by which designs of the same parts are told apart: four digits of the genome's hash, or a number. */
const distinction = /-(?:[0-9a-f]{4}|\d{1,5})$/;

/**
 * A name as what may be cut and what must stay.
 * @param {string} name
 * @returns {readonly [stem: string, end: string]}
 */
export function partsOfName(name) {
  const at = name.search(distinction);
  return at < 1 ? [name, ''] : [name.slice(0, at), name.slice(at)];
}

/**
 * A name of at most this many letters, cut in the middle.
 * @param {string} name
 * @param {number} most
 */
export function shortName(name, most) {
  if (name.length <= most) return name;
  const [stem, end] = partsOfName(name);
  return `${stem.slice(0, Math.max(1, most - 1 - end.length))}…${end}`;
}

/**
 * A name that is cut before its end where its place is too narrow (see `.cut-name`).
 * @param {string} name
 */
export function cutName(name) {
  const [stem, end] = partsOfName(name);
  return end === '' ? name : h('span', { class: 'cut-name' }, h('span', {}, stem), h('span', {}, end));
}
