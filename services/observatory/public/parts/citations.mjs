import { h } from '../dom/element.mjs';
import { experimentLink } from './experiment-link.mjs';

/** @param {ReadonlyArray<{ kind: 'paper' | 'insight' | 'experiment', id: string, why: string }>} list */
export const citations = (list) =>
  list.length === 0
    ? null
    : h(
        'ul',
        { class: 'citations' },
        list.map((one) =>
          h(
            'li',
            {},
            h('span', { class: 'faint' }, `${one.kind} `),
            one.kind === 'paper' ? h('span', { class: 'mono' }, one.id) : experimentLink(one.id),
            ` ${one.why}`,
          ),
        ),
      );
