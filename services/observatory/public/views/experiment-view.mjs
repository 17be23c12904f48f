import { h } from '../dom/element.mjs';
import { age, clockTime } from '../format/time.mjs';
import { get } from '../live/api.mjs';
import { chip, flaggedChip, stageChip } from '../parts/chips.mjs';
import { experimentLink } from '../parts/experiment-link.mjs';
import { stageOf } from '../parts/stage.mjs';
import { statusChip } from '../parts/status-chip.mjs';
import { linkWith } from '../route.mjs';
import { callsTab, loadCalls } from './experiment/calls-tab.mjs';
import { codeTab, loadCode } from './experiment/code-tab.mjs';
import { loadMessages, messagesTab } from './experiment/messages-tab.mjs';
import { loadResult, resultTab } from './experiment/result-tab.mjs';

/** @typedef {import('@asi/reading').ExperimentView} ExperimentView */

const tabs = /** @type {const} */ ({
  result: { label: 'Result', load: loadResult, render: resultTab },
  code: { label: 'Code', load: loadCode, render: codeTab },
  calls: { label: 'Calls', load: loadCalls, render: callsTab },
  messages: { label: 'Messages', load: loadMessages, render: messagesTab },
});

/** @param {import('../route.mjs').Route} route */
const tabOf = (route) =>
  /** @type {keyof typeof tabs} */ (Object.hasOwn(tabs, route.query.tab ?? '') ? route.query.tab : 'result');

/** @type {import('./views.mjs').View<{ experiment: ExperimentView, content: any, parent: ExperimentView | null }>} */
export const experimentView = {
  title: ({ route }) => route.id ?? 'Experiment',
  dependsOn: ['tab'],
  isLive: true,
  load: async ({ route }) => {
    const experiment = /** @type {ExperimentView} */ (await get(`experiments/${encodeURIComponent(route.id ?? '')}`));
    const parent = experiment.parentId ? await get(`experiments/${experiment.parentId}`).catch(() => null) : null;
    return { experiment, parent, content: await tabs[tabOf(route)].load(experiment) };
  },
  render: ({ experiment, parent, content }, { route, live }) => {
    const current = tabOf(route);
    return h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, experiment.name),
        experiment.finished ? chip(experiment.state) : stageChip(stageOf(experiment, live.status)),
        experiment.standing ? statusChip(experiment.standing) : null,
        flaggedChip(experiment.design?.flags),
        experiment.arm === null ? null : chip(`arm ${experiment.arm}`),
        h('span', { class: 'sub mono' }, experiment.id),
        h(
          'span',
          { class: 'sub' },
          ...(experiment.kind !== 'candidate'
            ? [experiment.kind === 'baseline' ? 'baseline' : 'trained again with a fresh seed']
            : [
                'candidate from ',
                experiment.parentId ? experimentLink(experiment.parentId, parent?.name) : 'no parent',
              ]),
          experiment.finished
            ? ` · ${experiment.state === 'completed' ? 'finished' : 'ended'} ${clockTime(experiment.since)}`
            : ` · in this state for ${age(experiment.since)}`,
        ),
      ),
      h(
        'nav',
        { class: 'tabs', 'aria-label': 'Parts of the experiment' },
        Object.entries(tabs).map(([name, { label }]) =>
          h(
            'a',
            {
              href: linkWith(route, { tab: name === 'result' ? null : name }),
              'aria-current': name === current ? 'true' : null,
            },
            label,
          ),
        ),
      ),
      tabs[current].render(experiment, content, live),
    );
  },
  refreshes: (line, { route }) => line.experimentId === route.id,
};
