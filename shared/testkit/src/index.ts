export { runningCampaign } from './running-campaign.ts';
export { type TransitionTable, transitionTableOf } from './transition-table.ts';
