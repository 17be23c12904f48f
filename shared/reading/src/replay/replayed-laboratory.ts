import { connectBus } from '@asi/bus';
import type { CallRecord, CampaignRecord } from '@asi/contracts';
import { artifactsIn, callsIn, campaignsIn, experimentsIn, insightsIn, openDatabase } from '@asi/store';
import { type Decision, decisionsOf, fieldsOf, referenceDecision } from './decisions.ts';
import { type Laboratory, prepareReplay } from './prepare-replay.ts';
import { type AskedPrompt, type LineDivergence, lineDivergence } from './question-divergence.ts';
import { decidedCampaign, type RecordedCampaign, recordedCampaign } from './recorded-campaign.ts';
import type { ReplayScope } from './replay-scope.ts';

type Servers = { readonly natsUrl: string; readonly mongodbUrl: string };

/** Reads a campaign off its laboratory and prepares a fresh one for its replay. @throws as recordedCampaign */
export async function prepareReplayOf(
  campaignId: string | null,
  from: Servers,
  freshServers: (campaign: RecordedCampaign) => Promise<Servers>,
): Promise<RecordedCampaign> {
  return withLaboratory(from, async (original) => {
    const campaign = await recordedCampaign(original.database, campaignId);
    await withLaboratory(await freshServers(campaign), (fresh) => prepareReplay(campaign, original, fresh));
    return campaign;
  });
}

/** A question of the replay, and where it parts from the recorded one. */
export type UnansweredQuestion = LineDivergence & {
  readonly role: string;
  readonly node: string;
  /** Its key in the ledger: the same where the same was asked. */
  readonly call: string;
  /** For which it was asked. */
  readonly experimentId: string | null;
};

/** A laboratory in which a campaign is run again, as far as it is compared. */
export type ReplayedLaboratory = {
  /** The state of the campaign with its note; null before it is started. */
  state(): Promise<{ readonly state: CampaignRecord['state']; readonly note: string } | null>;
  /** Of an experiment, or the `reference`; null while it is not settled. */
  decision(id: string): Promise<Decision | null>;
  decisions(scope: ReplayScope): Promise<Decision[]>;
  /** Whether something was asked for an experiment (null: for any) that the record holds no answer to: it never comes further. */
  isStuck(experimentId: string | null): Promise<boolean>;
  /** The first question for an experiment (null: for any) that the record holds no answer to; null when there was none. */
  unanswered(experimentId: string | null): Promise<UnansweredQuestion | null>;
  close(): Promise<void>;
};

export async function openReplayed({ mongodbUrl }: Servers, campaignId: string): Promise<ReplayedLaboratory> {
  const database = await openDatabase(mongodbUrl);
  const experiments = experimentsIn(database);
  const artifacts = artifactsIn(database);
  const callsFor = async (experimentId: string | null): Promise<CallRecord[]> => {
    const calls: CallRecord[] = [];
    for await (const call of callsIn(database).all(experimentId === null ? { campaignId } : { experimentId }))
      calls.push(call);
    return calls;
  };
  return {
    state: async () => {
      const found = await campaignsIn(database).get(campaignId);
      return found && { state: found.state, note: found.note };
    },
    decision: async (id) => {
      if (id === referenceDecision) {
        const reference = (await campaignsIn(database).get(campaignId))?.reference;
        return reference ? { id, fields: { ...reference } } : null;
      }
      const record = await experiments.get(id);
      return record && { id, fields: fieldsOf(record, await insightsIn(database).get(id)) };
    },
    decisions: async (scope) => decisionsOf(await decidedCampaign(database, campaignId, scope)),
    isStuck: async (experimentId) =>
      (await callsFor(experimentId)).some((one) => one.state === 'failed' && !isOnRecord(one)),
    unanswered: async (experimentId) => {
      const all = (await callsFor(experimentId)).sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
      const asked = all.find((one) => !isOnRecord(one));
      const prompt = asked && (await artifacts.get(asked.promptHash));
      if (!asked || !prompt) return null;
      const { role, node, promptVersion } = asked;
      const recorded: AskedPrompt[] = [];
      for (const one of all) {
        const isAlike = one.experimentId === asked.experimentId && one.role === role && one.node === node;
        if (!isAlike || !isOnRecord(one)) continue;
        const body = (await artifacts.get(one.promptHash))?.body;
        if (body !== undefined) recorded.push({ body, promptVersion: one.promptVersion });
      }
      const differs = lineDivergence({ body: prompt.body, promptVersion }, recorded);
      return { call: asked._id, role, node, experimentId: asked.experimentId, ...differs };
    },
    close: () => database.close(),
  };
}

/** Of a replay, where no model answers or refuses anything. */
const isOnRecord = ({ state, refusal }: CallRecord): boolean => state === 'answered' || refusal !== null;

async function withLaboratory<Result>(
  { natsUrl, mongodbUrl }: Servers,
  use: (laboratory: Laboratory) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(mongodbUrl);
  try {
    const bus = await connectBus({ url: natsUrl, source: `lab/replay-${process.pid}` });
    try {
      return await use({ database, bus });
    } finally {
      await bus.close();
    }
  } finally {
    await database.close();
  }
}
