import { h } from '../dom/element.mjs';

/**
 * What was cut from a prompt or dropped from an answer of a language model.
 * @param {readonly string[] | undefined} list
 */
export const remarks = (list) =>
  !list || list.length === 0
    ? null
    : h(
        'details',
        {},
        h('summary', {}, `${list.length} ${list.length === 1 ? 'remark' : 'remarks'} on how it was made`),
        h(
          'ul',
          {},
          list.map((one) => h('li', { class: 'faint' }, one)),
        ),
      );
