import { h } from '../dom/element.mjs';
import { experimentLink } from './experiment-link.mjs';

/**
 * The cell of a table that names an experiment: its name as a link, and its id where that is not the name.
 * @param {{ readonly id: string, readonly name: string }} experiment
 */
export const experimentCell = ({ id, name }) =>
  h(
    'td',
    { class: 'name' },
    experimentLink(id, name),
    ' ',
    name === id ? null : h('span', { class: 'mono faint' }, id),
  );
