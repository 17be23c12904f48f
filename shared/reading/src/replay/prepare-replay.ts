import type { Bus } from '@asi/bus';
import { type CallRecord, type CampaignRecord, catalogue, filterFor, terminal } from '@asi/contracts';
import { artifactsIn, callsIn, campaignsIn, type Database, experimentsIn } from '@asi/store';
import type { RecordedCampaign } from './recorded-campaign.ts';

/** The documents and the journal of one laboratory. */
export type Laboratory = { readonly database: Database; readonly bus: Bus };

/**
 * Puts into a fresh laboratory what the campaign found when it began, and the answers that models gave it. No process
 * may run there yet: every collection has one writer, and for this moment it is this function.
 *
 * R3: nothing of the campaign itself is put there but calls that were answered or refused for good, with the bodies of prompt and
 * answer.
 * R4: of earlier campaigns there is what had ended when it began, and no more: later confirmations are not known to it.
 * @throws terminal `record-altered`: a role would wait for such a body for ever
 */
export async function prepareReplay(
  { campaign, calls }: RecordedCampaign,
  from: Laboratory,
  to: Laboratory,
): Promise<void> {
  const bodies = new Set<string>();
  const answers = new Set<string>();
  await copyCalls();
  if (campaign.number > 1) await copyEarlier(campaign, from, to, bodies);
  // Papers carry no time: they are those of today.
  await copyDocuments(from, to, 'cognition', () => true);
  const source = artifactsIn(from.database);
  const target = artifactsIn(to.database);
  for (const hash of bodies) {
    const artifact = await source.get(hash);
    if (artifact && (await target.put(artifact.body, artifact.mediaType)) !== hash)
      throw terminal(
        'record-altered',
        `the body of artifact ${hash} is not the one that has this hash: it was altered after it was recorded, so nothing that rests on it can be replayed`,
      );
    if (!artifact && answers.has(hash))
      throw terminal('record-altered', `the answer ${hash} of a model is not in the archive any more`);
  }

  async function copyCalls(): Promise<void> {
    const ledger = callsIn(to.database);
    for (const call of calls) {
      const { answerHash } = call.state === 'answered' ? call : { answerHash: null };
      if (answerHash === null && !isRefused(call)) continue;
      await ledger.insert({ ...call, announced: true });
      bodies.add(call.promptHash);
      if (answerHash === null) continue;
      bodies.add(answerHash);
      answers.add(answerHash);
    }
  }
}

async function copyEarlier(campaign: CampaignRecord, from: Laboratory, to: Laboratory, bodies: Set<string>) {
  const { number, startedAt } = campaign;
  const campaigns = campaignsIn(to.database);
  for (const one of await campaignsIn(from.database).all()) {
    if (one.number >= number) continue;
    const confirmations = one.confirmations.filter(
      ({ concludedAt }) => concludedAt !== null && concludedAt <= startedAt,
    );
    await campaigns.create({ ...one, confirmations });
  }
  const known = new Set<string>();
  const experiments = experimentsIn(to.database);
  for await (const record of experimentsIn(from.database).all()) {
    if (record.campaignNumber >= number || record.finishedAt > startedAt) continue;
    await experiments.insert(record);
    known.add(record._id);
    // The raw scores are many times larger than all else, and no role asks for those of another experiment.
    for (const hash of hashesIn({ ...record, measurement: { ...record.measurement, rawHash: null } })) bodies.add(hash);
  }
  for (const name of ['insights', 'fingerprints']) await copyDocuments(from, to, name, ({ _id }) => known.has(_id));
  await copyDocuments(from, to, 'revisedFingerprints', ({ experimentId = '' }) => known.has(experimentId));
  const filters = remembered.map(({ kind, owner, name }) => filterFor(kind, owner, name));
  for await (const { envelope } of from.bus.journal({ filters })) {
    const definition = remembered.find(({ type }) => type === envelope?.type);
    if (envelope && definition && known.has(envelope.subject)) await to.bus.publishStamped(definition, envelope);
  }
}

/** What minds read of earlier experiments in the journal: that they are settled, their ideas, results and analyses. */
const remembered = [catalogue.settled, catalogue.designed, catalogue.trained, catalogue.analysed] as const;

async function copyDocuments(
  from: Laboratory,
  to: Laboratory,
  name: string,
  isWanted: (document: { readonly _id: string; readonly experimentId?: string }) => boolean,
): Promise<void> {
  const source = from.database.db.collection<{ _id: string; experimentId?: string }>(name);
  const target = to.database.db.collection<{ _id: string }>(name);
  for await (const document of source.find({})) if (isWanted(document)) await target.insertOne(document);
}

/** Refused for good by the endpoint: what followed rests on that as on an answer. */
const isRefused = ({ state, refusal }: CallRecord): boolean => state === 'failed' && refusal !== null;

const hashesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"([0-9a-f]{64})"/g)].map(([, hash]) => hash ?? '');
