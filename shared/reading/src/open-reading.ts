import { connectBus } from '@asi/bus';
import {
  type CallRecord,
  type Clock,
  callRecordSchema,
  type ExperimentKind,
  encodeNonFinite,
  heldOutSeedOf,
  systemClock,
} from '@asi/contracts';
import {
  artifactsIn,
  callsIn,
  campaignsIn,
  experimentsIn,
  inflightIn,
  insightsIn,
  openDatabase,
  type StoredCall,
} from '@asi/store';
import { certificateHashesOf, keepCertificateSeconds } from './certificate-seconds.ts';
import { keepFinishedExperiments } from './finished-experiments.ts';
import { findCampaign, loadMaterial } from './load-material.ts';
import { readJournalLines } from './read-journal-lines.ts';
import { readStatus } from './read-status.ts';
import type { Reading } from './reading.ts';
import { keepTrainingAttempts } from './training-attempts.ts';
import { armsOf } from './views/arms.ts';
import { historyOf } from './views/best-so-far.ts';
import { callsOf } from './views/calls.ts';
import { campaignSummaryOf } from './views/campaign-summary.ts';
import { confirmationsOf } from './views/confirmations.ts';
import { contributionsOf } from './views/contributions.ts';
import { costsOf } from './views/costs.ts';
import { curvesSchema } from './views/curves.ts';
import { dollarsOfCall } from './views/dollars-of-call.ts';
import { endedIdsOf } from './views/ended-ids.ts';
import { finishedView, inflightView } from './views/experiment-view.ts';
import { failuresOf } from './views/failures.ts';
import { type FreshPairs, freshPairsOf } from './views/fresh-pairs.ts';
import { type LeaderboardRow, leaderboardOf } from './views/leaderboard.ts';
import type { Material } from './views/material.ts';
import { noiseOf } from './views/noise.ts';
import { type PartInConfirmation, partsInConfirmations } from './views/part-in-confirmation.ts';
import { progressOf } from './views/progress.ts';
import { reachedOf } from './views/reached.ts';
import { type Spending, spentBy, spentSoFarBy } from './views/spent.ts';
import { treeOf } from './views/tree.ts';
import { withoutHeldOutSeeds } from './views/without-held-out-seeds.ts';

export type ReadingOptions = {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly database?: string;
  /** `role/instance` that its connection and its messages carry. */
  readonly source?: string;
  readonly clock?: Clock;
  readonly firstConnectSeconds?: number;
};

/**
 * Opens the laboratory for looking: documents and journal, read only.
 * @throws retryable `broker-unreachable`, `database-unreachable`
 */
export async function openReading(options: ReadingOptions): Promise<Reading> {
  const { natsUrl, mongodbUrl, source = 'reading/one', clock = systemClock, firstConnectSeconds = 10 } = options;
  const database = await openDatabase(mongodbUrl, options.database ?? 'asi', firstConnectSeconds);
  const bus = await connectBus({ url: natsUrl, source, clock, firstConnectSeconds }).catch(async (error) => {
    await database.close();
    throw error;
  });
  const campaigns = campaignsIn(database);
  const inflight = inflightIn(database);
  const insights = insightsIn(database);
  const artifacts = artifactsIn(database);
  const calls = callsIn(database);
  const trainingAttempts = keepTrainingAttempts(bus, clock);
  const certificateSeconds = keepCertificateSeconds(artifacts);
  const finished = keepFinishedExperiments(experimentsIn(database), bus, clock);

  const material = async (campaignId?: string): Promise<Material | null> => {
    const campaign = await findCampaign(campaigns, campaignId);
    return campaign && loadMaterial(campaign, finished, inflight);
  };
  const view = async <View>(campaignId: string | undefined, of: (material: Material) => View): Promise<View | null> => {
    const found = await material(campaignId);
    return found && of(found);
  };
  // Whoever exports a campaign asks for every experiment of it: all this is made once for a state of the documents.
  let kept = { key: '', rows: new Map<string, LeaderboardRow>(), confirmations: [] as FreshPairs[] };
  const standingsOf = async (campaignId: string): Promise<Omit<typeof kept, 'key'>> => {
    const found = await material(campaignId);
    if (!found) return { rows: new Map(), confirmations: [] };
    const { campaign, candidates, baselines, confirmationRuns, inflight: underWay } = found;
    const states = underWay.map(({ _id, view: { state } }) => `${_id} ${state}`).sort();
    const counts = [candidates.length, baselines.length, confirmationRuns.length];
    const key = [campaignId, campaign.rev, ...counts, ...states].join('/');
    if (kept.key !== key) {
      const rows = leaderboardOf(found).rows.flatMap((row) => row.runs.map((run) => [run, row] as const));
      kept = { key, rows: new Map(rows), confirmations: freshPairsOf(found) };
    }
    return kept;
  };
  const partOf = async (id: string, kind: ExperimentKind): Promise<PartInConfirmation[]> => {
    if (kind !== 'confirmation') return [];
    const plans = (await campaigns.all()).flatMap((one) => one.confirmations);
    return partsInConfirmations(id, plans).sort((a, b) => a.order - b.order);
  };
  const callsFor = async ({ campaign }: Material): Promise<StoredCall[]> => {
    const own: StoredCall[] = [];
    for await (const call of calls.all({ campaignId: campaign._id })) own.push(call);
    return own;
  };

  const spending = async (certificateHashes: ReadonlyArray<string | null>): Promise<Spending> => ({
    trainings: await trainingAttempts(),
    certificates: await certificateSeconds(certificateHashes),
  });

  const reading: Reading = {
    bus,
    campaigns: async () => (await campaigns.all()).sort((a, b) => a.number - b.number).map(campaignSummaryOf),
    campaign: async (id) => {
      const found = await findCampaign(campaigns, id);
      return found && campaignSummaryOf(found);
    },
    heldOutSeed: async (id, replicate) => {
      const found = await findCampaign(campaigns, id);
      return found && heldOutSeedOf(found, replicate, null);
    },
    progress: (id) => view(id, (found) => progressOf(found, clock.now())),
    leaderboard: (id) => view(id, leaderboardOf),
    confirmations: (id) => view(id, confirmationsOf),
    confirmationPlans: async (id) => (await findCampaign(campaigns, id))?.confirmations ?? null,
    reference: async (id) => (await findCampaign(campaigns, id))?.reference ?? null,
    noise: (id) => view(id, noiseOf),
    reached: (id) => view(id, reachedOf),
    endedIds: (id) => view(id, endedIdsOf),
    failures: (id) => view(id, failuresOf),
    tree: (id) => view(id, treeOf),
    history: (id) => view(id, historyOf),
    costs: async (id) => {
      const found = await material(id);
      if (!found) return null;
      const { candidates, inflight: underWay } = found;
      return costsOf(found, await spending(certificateHashesOf(candidates, underWay)));
    },
    calls: async (id, otherSpending) => {
      const found = await material(id);
      if (!found) return null;
      const { campaign } = found;
      const settings = { ...campaign.settings, spending: otherSpending ?? campaign.settings.spending };
      return callsOf({ ...found, campaign: { ...campaign, settings } }, await callsFor(found));
    },
    arms: async (id) => {
      const found = await material(id);
      // What most campaigns have not must not cost them a reading of their calls.
      if (!found || found.campaign.settings.arms.length === 0) return null;
      const { candidates, inflight: underWay } = found;
      return armsOf(found, await spending(certificateHashesOf(candidates, underWay)), await callsFor(found));
    },
    callsFor: async (experimentId) => {
      const own: CallRecord[] = [];
      for await (const call of calls.all({ experimentId })) own.push(callRecordSchema.parse(call));
      const campaign = own[0] && (await campaigns.get(own[0].campaignId));
      const prices = campaign?.settings.spending.prices ?? {};
      for (const call of own) call.dollars = dollarsOfCall(call, prices);
      return own.sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
    },
    contributions: (id) => view(id, contributionsOf),
    experiment: async (id) => {
      const underWay = await inflight.get(id);
      const record = await finished.get(id);
      const known = await spending(certificateHashesOf(record ? [record] : [], underWay ? [underWay] : []));
      const campaign = await campaigns.get(record?.campaignId ?? underWay?.view.campaignId ?? '');
      const settings = campaign?.settings ?? null;
      if (!record)
        return (
          underWay &&
          inflightView(underWay, {
            spent: spentSoFarBy(underWay, known, settings),
            partOf: await partOf(id, underWay.view.kind),
          })
        );
      const standings = await standingsOf(record.campaignId);
      return finishedView(record, {
        spent: spentBy(record, known, settings),
        standing: standings.rows.get(id) ?? null,
        confirmations: standings.confirmations.filter(({ result }) => result.candidateId === id),
        partOf: await partOf(id, record.kind),
        insight: await insights.get(id),
        parent: record.parentId === null ? null : await finished.get(record.parentId),
      });
    },
    curves: async (id) => {
      const { measurement } = (await finished.get(id)) ?? (await inflight.get(id))?.view ?? { measurement: null };
      const hash = measurement?.curvesHash;
      const artifact = hash ? await artifacts.get(hash) : null;
      return artifact && curvesSchema.parse(JSON.parse(artifact.body));
    },
    artifact: (hash) => artifacts.get(hash),
    status: () => readStatus(bus),
    journal: (filter = {}) => readJournalLines(bus, filter),
    close: async () => {
      finished.close();
      await bus.close();
      await database.close();
    },
  };
  return reading;
}

/** A view as JSON text, as whoever may look gets it: numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity", seeds of held-out data are hashes. */
export const viewJson = (view: unknown, indent?: number): string =>
  JSON.stringify(withoutHeldOutSeeds(view), encodeNonFinite, indent);
