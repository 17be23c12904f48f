import { h } from '../dom/element.mjs';

/** What stands in place of a view while there is no campaign. */
export const noCampaign = () =>
  h(
    'section',
    { class: 'card' },
    h('h2', {}, 'No campaign yet'),
    h(
      'p',
      { class: 'empty' },
      'Start one with ',
      h('code', {}, 'asi run'),
      '. It appears here by itself: first the baselines, then the candidates.',
    ),
  );
