export { openReading, type ReadingOptions, viewJson } from './open-reading.ts';
export type { JournalFilter, Reading } from './reading.ts';
export { type Decision, decisionsOf, digestOf, isVerdict } from './replay/decisions.ts';
export { type Divergence, divergenceIn, firstDivergence } from './replay/first-divergence.ts';
export type { RecordedCampaign } from './replay/recorded-campaign.ts';
export { type ReplayReport, replayReportSchema, type TrainedAgain } from './replay/replay-report.ts';
export { environmentModelOf, replaySettingsOf } from './replay/replay-scope.ts';
export { openReplayed, prepareReplayOf, type ReplayedLaboratory } from './replay/replayed-laboratory.ts';
export { type Difference, differenceOf, type Verdict } from './statistics/difference.ts';
export { type ArmComparison, type ArmView, armComparisonSchema, armViewSchema } from './views/arms.ts';
export { type History, type HistoryPoint, historyPointSchema, historySchema } from './views/best-so-far.ts';
export type { CallSum } from './views/call-sum.ts';
export { type Calls, callsSchema } from './views/calls.ts';
export { type CampaignSummary, campaignSummarySchema } from './views/campaign-summary.ts';
export { trainingsNeeded } from './views/confirmations.ts';
export { type Contributions, contributionsSchema } from './views/contributions.ts';
export { type CostSum, type Costs, costSumSchema, costsSchema } from './views/costs.ts';
export { type Curves, curvesSchema } from './views/curves.ts';
export { type ExperimentView, experimentViewSchema } from './views/experiment-view.ts';
export { type Failure, failureSchema } from './views/failures.ts';
export type { FreshPairs } from './views/fresh-pairs.ts';
export { type JournalLine, journalLineOf, journalLineSchema } from './views/journal-line.ts';
export {
  isNotShownAgain,
  type Leaderboard,
  type LeaderboardRow,
  leaderboardRowSchema,
  leaderboardSchema,
} from './views/leaderboard.ts';
export { type NoiseQuantity, type NoiseView, noiseViewSchema } from './views/noise.ts';
export { nearlyTheSame, type OldGround, oldGroundSchema } from './views/old-ground.ts';
export type { PartInConfirmation } from './views/part-in-confirmation.ts';
export { type InflightRow, type Progress, progressSchema } from './views/progress.ts';
export type { Reached } from './views/reached.ts';
export { roughSecondsLeft } from './views/rough-seconds-left.ts';
export { type Spent, spentSchema, type TrainingJob } from './views/spent.ts';
export { type DeadLetterView, type Status, statusSchema } from './views/status.ts';
export { type Tree, type TreeNode, treeNodeSchema, treeSchema } from './views/tree.ts';
export { withoutHeldOutSeeds } from './views/without-held-out-seeds.ts';
