import { h } from '../dom/element.mjs';
import { linkTo } from '../route.mjs';
import { cutName } from './cut-name.mjs';

/**
 * @param {string} id
 * @param {string} [text]
 */
export const experimentLink = (id, text = id) =>
  h(
    'a',
    {
      href: linkTo('experiment', id),
      class: text === id ? 'mono' : null,
      title: text === id ? null : `${text} (${id})`,
    },
    text === id ? id : cutName(text),
  );
