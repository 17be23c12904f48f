import {
  baselineIdOf,
  type CampaignRecord,
  type Clock,
  componentsOfBaseline,
  type HistoryEntry,
  referenceOnlyBaselines,
} from '@asi/contracts';
import type { ExperimentDesk } from '../experiment-desk.ts';
import type { Knowledge } from '../knowledge.ts';
import { firstRuns, inRounds } from './baseline-runs.ts';
import type { CampaignOffice } from './campaign-office.ts';
import { baselineContext, candidateContext, knowsResults, openedDocument } from './candidate.ts';
import type { OpenedOrdinals } from './opened-ordinals.ts';
import { planNext } from './planner.ts';
import type { SettledLedger } from './settled-ledger.ts';

export type SamplingOptions = {
  readonly office: CampaignOffice;
  readonly desk: ExperimentDesk;
  readonly knowledge: Knowledge;
  readonly source: string;
  readonly clock: Clock;
  /** Progress of the campaign as far as this process knows it. */
  readonly progress: (campaign: CampaignRecord) => CampaignProgress;
};

export type CampaignProgress = { readonly ledger: SettledLedger; readonly opened: OpenedOrdinals };

const attemptsPerCandidate = 4;

/** Opens the baselines that are missing and names the runs that the reference rests on, reusing those of earlier campaigns. */
export async function openBaselines(
  campaign: CampaignRecord,
  { office, desk, knowledge, source, clock }: SamplingOptions,
): Promise<CampaignRecord> {
  if (campaign.baselineIds.length > 0) return campaign;
  const ids: string[] = [];
  let number = 0;
  for (const { name, seed } of inRounds(campaign.settings.baselines)) {
    number++;
    const reused = knowledge.baselineRun(name, seed, campaign.yardstick);
    const context = baselineContext(campaign, number, name, seed, clock.now().toISOString());
    ids.push(reused ?? context.experimentId);
    if (!reused) await desk.open(openedDocument(context, 'baseline', source, clock));
  }
  return office.change(campaign._id, { baselineIds: ids }, null);
}

/**
 * Trains the baselines that failed again, in the places of the failed ones: whoever continues a campaign without a
 * reference has mended the cause.
 */
export async function reopenFailedBaselines(
  campaign: CampaignRecord,
  { office, desk, knowledge, source, clock }: SamplingOptions,
): Promise<CampaignRecord> {
  const failed = (id: string) => (knowledge.get(id)?.outcome ?? 'completed') !== 'completed';
  if (campaign.reference || !campaign.baselineIds.some(failed)) return campaign;
  const order = inRounds(campaign.settings.baselines);
  const ids = [...campaign.baselineIds];
  let number = ids.length;
  for (const [place, { name, seed }] of order.entries()) {
    if (!failed(ids[place] ?? '')) continue;
    do number++;
    while (isTaken(baselineIdOf(campaign._id, number)));
    const context = baselineContext(campaign, number, name, seed, clock.now().toISOString());
    ids[place] = context.experimentId;
    await desk.open(openedDocument(context, 'baseline', source, clock));
  }
  return office.change(campaign._id, { baselineIds: ids }, null);

  function isTaken(id: string): boolean {
    return ids.includes(id) || knowledge.get(id) !== undefined;
  }
}

/** Samples all that may be sampled now. Returns true when the campaign has nothing left to do. */
export async function sampleAhead(campaign: CampaignRecord, options: SamplingOptions): Promise<boolean> {
  const { desk, knowledge, source, clock } = options;
  const progress = options.progress(campaign);
  const { budget } = campaign.settings;
  for (;;) {
    const plan = planNext({
      ledger: progress.ledger,
      sampled: progress.opened.upTo(),
      inFlight: campaign.inFlight,
      wanted: budget.candidates,
      maximalAttempts: budget.maximalAttempts ?? attemptsPerCandidate * budget.candidates,
      closed: timeIsUp(campaign, clock),
    });
    if (plan.kind === 'exhausted') return true;
    if (plan.kind === 'wait') return false;
    // P1 holds for baselines too: a candidate that may know results waits until every one of them is settled, and places all on their scale.
    const isPlaced = campaign.reference !== null && campaign.baselineIds.every((id) => knowledge.get(id));
    if (!isPlaced && knowsResults(campaign, plan, knowledge)) return false;
    const context = candidateContext(
      campaign,
      plan,
      knowledge,
      unmeasuredBaselines(campaign),
      clock.now().toISOString(),
    );
    await desk.open(openedDocument(context, context.terms.policy, source, clock));
    progress.opened.add(plan.ordinal);
  }
}

export function timeIsUp(campaign: CampaignRecord, clock: Clock): boolean {
  const { minutes } = campaign.settings.budget;
  return minutes !== null && clock.now().getTime() > new Date(campaign.startedAt).getTime() + minutes * 60_000;
}

/** The baselines as parents before anything is measured: one run of each model from which designs may descend. */
function unmeasuredBaselines(campaign: CampaignRecord): HistoryEntry[] {
  return firstRuns(campaign)
    .filter(({ name }) => !referenceOnlyBaselines.includes(name))
    .map(({ experimentId, name }) => ({
      experimentId,
      name,
      baseline: name,
      programHash: null,
      genomeHash: null,
      components: componentsOfBaseline(name),
      motivation: '',
      merit: null,
      fitness: null,
      languageModelLoss: null,
      battery: null,
    }));
}
