import { costView } from './cost-view.mjs';
import { experimentView } from './experiment-view.mjs';
import { journalView } from './journal-view.mjs';
import { leaderboardView } from './leaderboard-view.mjs';
import { overviewView } from './overview-view.mjs';
import { treeView } from './tree-view.mjs';
import { unknownView } from './unknown-view.mjs';

/**
 * What a view is shown with.
 * @typedef {{
 *   route: import('../route.mjs').Route, live: import('../live/live-state.mjs').LiveState,
 *   campaignId: string | null, campaigns: ReadonlyArray<import('@asi/reading').CampaignSummary>,
 * }} Context
 */

/**
 * A view asks for its data, draws it (often: drawing is pure and cheap), and says which messages make it ask again.
 * `dependsOn` names the query values that decide its data, `isLive` whether it shows what comes over the event stream.
 * @template [Data=any]
 * @typedef {{
 *   title(context: Context): string,
 *   load(context: Context): Promise<Data>,
 *   render(data: Data, context: Context): Node,
 *   dependsOn: readonly string[],
 *   isLive: boolean,
 *   refreshes(line: import('@asi/reading').JournalLine, context: Context): boolean,
 * }} View
 */

/** @type {Record<string, View>} */
const views = {
  overview: overviewView,
  leaderboard: leaderboardView,
  tree: treeView,
  cost: costView,
  experiment: experimentView,
  journal: journalView,
};

/**
 * @param {import('../route.mjs').Route} route
 * @returns {View}
 */
export const viewOf = (route) => (Object.hasOwn(views, route.view) ? views[route.view] : null) ?? unknownView;
