import { h } from '../dom/element.mjs';
import { linkTo } from '../route.mjs';

/** @type {import('./views.mjs').View<null>} */
export const unknownView = {
  title: () => 'Not found',
  dependsOn: [],
  isLive: false,
  load: async () => null,
  render: () =>
    h('p', { class: 'notice' }, 'There is no such page. ', h('a', { href: linkTo('overview') }, 'Go to the overview')),
  refreshes: () => false,
};
