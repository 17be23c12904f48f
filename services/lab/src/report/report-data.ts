import type { ConfirmationResult } from '@asi/contracts';
import type {
  ArmComparison,
  Calls,
  CampaignSummary,
  Contributions,
  Costs,
  Curves,
  ExperimentView,
  Failure,
  History,
  Leaderboard,
  Progress,
  Reading,
  Tree,
} from '@asi/reading';

export type NamedCurves = { readonly name: string; readonly curves: Curves };

/** Everything that the report of a campaign shows. */
export type ReportData = {
  readonly campaign: CampaignSummary;
  readonly progress: Progress;
  readonly leaderboard: Leaderboard;
  readonly confirmations: readonly ConfirmationResult[];
  readonly failures: readonly Failure[];
  readonly history: History;
  readonly tree: Tree;
  readonly contributions: Contributions;
  readonly costs: Costs;
  readonly calls: Calls;
  /** Null when the campaign is not split. */
  readonly arms: ArmComparison | null;
  readonly best: ExperimentView | null;
  /** Training losses of the best candidate and of one run of each baseline. */
  readonly curves: readonly NamedCurves[];
  readonly writtenAt: string;
};

/** Gathers the report of a campaign; null when there is no such campaign. */
export async function gatherReport(reading: Reading, campaignId: string, now: Date): Promise<ReportData | null> {
  const [campaign, progress, leaderboard, confirmations, failures, history, tree, contributions, costs, calls] =
    await Promise.all([
      reading.campaign(campaignId),
      reading.progress(campaignId),
      reading.leaderboard(campaignId),
      reading.confirmations(campaignId),
      reading.failures(campaignId),
      reading.history(campaignId),
      reading.tree(campaignId),
      reading.contributions(campaignId),
      reading.costs(campaignId),
      reading.calls(campaignId),
    ]);
  if (!campaign || !progress || !leaderboard || !failures || !history || !tree || !contributions || !costs || !calls)
    return null;
  const best = leaderboard.rows.find(({ kind, fitness }) => kind === 'candidate' && fitness !== null);
  const shown = [...(best ? [best] : []), ...leaderboard.rows.filter(({ kind }) => kind === 'baseline')];
  const curves: NamedCurves[] = [];
  for (const { id, name } of shown) {
    const found = await reading.curves(id);
    if (found) curves.push({ name, curves: found });
  }
  return {
    campaign,
    progress,
    leaderboard,
    confirmations: confirmations ?? [],
    failures,
    history,
    tree,
    contributions,
    costs,
    calls,
    arms: await reading.arms(campaignId),
    best: best ? await reading.experiment(best.id) : null,
    curves,
    writtenAt: now.toISOString(),
  };
}
