import { createLanes, type Log } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  type Clock,
  callRecordSchema,
  campaignIdSchema,
  catalogue,
  derivedMessageId,
  experimentIdSchema,
  isOpenCampaign,
  messageOf,
  priceOf,
  type ReplyOf,
  type RequestOf,
  terminal,
} from '@asi/contracts';
import { type Calls, createCallTotals, type StoredCall } from '@asi/store';
import { endOf } from './end-of.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export type LedgerOptions = {
  readonly calls: Calls;
  /** The campaign as it is now: caps and prices may have been changed since the experiment was sampled. */
  readonly campaign: (id: string) => Promise<CampaignRecord | null>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
};

/**
 * The ledger of calls of language models; the archive is its only writer.
 *
 * L1: an answered call is given back and never opened again.
 * L2: spent and in flight together pass no cap. Checking and reserving are one step without an `await`; what is reserved
 *     and could not be written for sure stays reserved until the same question comes again.
 * L3: a call is ended once: an answer stays, and a failure stays until the call is opened again or answered after all.
 * L4: a try that broke off is counted before the next one is let through, at its cap; where that is reached the call ends there.
 * L5: an opening that is said again changes nothing, for the bus repeats what is answered slowly.
 * L6: the end is on disk before the journal is told, and the journal is told before the asker; what a killed predecessor
 *     did not tell is told at the next start, under the same id.
 * L7: a failure of an earlier opening does not end a later one, which has counted it as lost; its answer is an answer.
 * L8: a campaign that is paused at a cap, or because an endpoint refuses everything, begins no call; further tries of those under way go on.
 * L9: who is patient is told to wait where only what is in flight leaves no room, and pauses nothing. A further try
 *     waits like a first one; what broke off before it counts as spent meanwhile, and nothing is reserved for it.
 * L10: a question that comes again and may not begin ends the call of its earlier asker as broken off, on disk, before it is
 *     told so: records and refusals give the same sums. Should that asker live, its answer takes the place of what broke off.
 */
export type Ledger = {
  /** Counts what is stored, and tells the journal what it was not told. To be called before any request. */
  load(): Promise<void>;
  /** @throws terminal `unknown-campaign`, `campaign-ended`, `call-invalid` */
  open(request: RequestOf<'openCall'>): Promise<ReplyOf<'openCall'>>;
  /** @throws terminal `unknown-call`, `call-invalid` */
  close(request: RequestOf<'closeCall'>): Promise<ReplyOf<'closeCall'>>;
  /** Calls under way, lost ones included. */
  openCalls(): number;
  /** Ends that are being written or told. */
  endsUnderWay(): number;
};

export function createLedger({ calls, campaign, bus, clock, log }: LedgerOptions): Ledger {
  const totals = createCallTotals();
  /** Open calls as the totals count them. */
  const open = new Map<string, StoredCall>();
  /** Open calls whose further try waits at a cap, as the totals count them: with what broke off, which is not on disk yet. */
  const waiting = new Map<string, StoredCall>();
  const inLane = createLanes();
  /** By campaign, since this process began. */
  const endedCalls = new Map<string, number>();
  let endsUnderWay = 0;

  const countedAs = (id: string): StoredCall | undefined => waiting.get(id) ?? open.get(id);
  const forget = ({ _id, campaignId }: Pick<StoredCall, '_id' | 'campaignId'>): void => {
    waiting.delete(_id);
    open.delete(_id);
    endedCalls.set(campaignId, (endedCalls.get(campaignId) ?? 0) + 1);
  };
  const toldToWait = (campaignId: string) => ({ kind: 'wait' as const, ended: endedCalls.get(campaignId) ?? 0 });

  /** The call as it is on disk; the totals follow, should a write have ended otherwise than was known. */
  const stored = async (id: string): Promise<StoredCall | null> => {
    const found = await calls.get(id);
    const counted = countedAs(id);
    if (found && counted && found.state !== 'open') {
      totals.exchange(counted, found);
      forget(found);
    }
    return found;
  };

  const announce = async (call: StoredCall): Promise<void> => {
    if (call.announced) return;
    await bus.publish(catalogue.modelCalled, {
      experimentId: call.experimentId === null ? null : experimentIdSchema.parse(call.experimentId),
      campaignId: call.campaignId,
      id: derivedMessageId(call._id, call.openings, call.state, 'model-called'),
      data: call,
    });
  };
  const noteAnnounced = async (call: StoredCall): Promise<void> => {
    if (!call.announced) await calls.replace({ ...call, announced: true });
  };

  /** The end of the call as it is kept and told; another end changes nothing. */
  const conclude = async (end: RequestOf<'closeCall'>): Promise<StoredCall> => {
    if (end.error === null && end.answerHash === null)
      throw terminal('call-invalid', 'a call ends with an answer or with an error');
    const known = await stored(end._id);
    if (!known) throw terminal('unknown-call', `call ${end._id} was never opened`);
    if (known.state === 'answered' || (known.state === 'failed' && end.error !== null)) {
      await announce(known);
      return known;
    }
    const isEarlier = end.opening !== null && known.opening?.id !== end.opening;
    if (known.state === 'open' && isEarlier && end.error !== null) return known;
    const prices = (await campaign(known.campaignId))?.settings.spending.prices ?? {};
    const ended = endOf(
      waiting.get(end._id) ?? withoutItsOwn(known),
      end,
      priceOf(prices, known.model),
      clock.now().toISOString(),
    );
    await calls.replace(ended);
    totals.exchange(countedAs(end._id) ?? known, ended);
    forget(ended);
    await announce(ended);
    return ended;
  };

  /** Ends a call whose further try is refused; the journal is told when its asker closes it, or at the next start. */
  const giveUp = async (call: StoredCall, before: StoredCall | null): Promise<void> => {
    const ended = { ...call, closedAt: clock.now().toISOString() };
    await calls.replace(ended);
    totals.exchange(before, ended);
    forget(call);
  };

  /** Ends a call whose question came again: its asker has died, as a rule, and nobody else would tell the journal. */
  const lose = async (known: StoredCall): Promise<void> => {
    const error = 'its question came again before it was answered';
    const lost = { ...known, state: 'failed' as const, brokenOff: known.brokenOff + 1, error, opening: null };
    const ended = { ...lost, closedAt: clock.now().toISOString() };
    await calls.replace(ended);
    totals.exchange(countedAs(known._id) ?? known, ended);
    waiting.delete(known._id);
    open.delete(known._id);
    await announce(ended);
    await noteAnnounced(ended);
  };

  /** Once for a revision of the campaign: who continues it without a higher cap is told again. */
  const tellCapped = async (call: RequestOf<'openCall'>['call'], refusal: Refusal, { rev }: CampaignRecord) => {
    const { account, passes: _, ...reached } = refusal;
    const campaignId = campaignIdSchema.parse(call.campaignId);
    const experimentId = call.experimentId === null ? null : experimentIdSchema.parse(call.experimentId);
    await bus.publish(catalogue.spendingCapped, {
      experimentId,
      campaignId,
      id: derivedMessageId(campaignId, rev, account.cap, account.of, reached.unit, reached.limit, 'capped'),
      data: { campaignId, experimentId, role: call.role, ...reached },
    });
  };

  /** Once for a revision of the campaign, as above. */
  const tellDenied = async ({ campaignId: id, experimentId, role, error }: StoredCall) => {
    const now = await campaign(id);
    if (now?.denied !== null) return;
    const campaignId = campaignIdSchema.parse(id);
    const of = experimentId === null ? null : experimentIdSchema.parse(experimentId);
    await bus.publish(catalogue.modelDenied, {
      experimentId: of,
      campaignId,
      id: derivedMessageId(campaignId, now.rev, role, 'denied'),
      data: { campaignId, experimentId: of, role, why: error ?? '' },
    });
  };

  return {
    load: async () => {
      const untold: StoredCall[] = [];
      for await (const call of calls.all()) {
        totals.exchange(null, call);
        if (call.state === 'open') open.set(call._id, call);
        else if (!call.announced) untold.push(call);
      }
      for (const call of untold) {
        await announce(call);
        await noteAnnounced(call);
      }
    },
    open: (request) =>
      inLane(request.call._id, async () => {
        const { call, atMost, opening } = request;
        const [known, now] = await Promise.all([stored(call._id), campaign(call.campaignId)]);
        if (known?.state === 'answered') return { kind: 'answered', call: callRecordSchema.parse(known) };
        refuseSenseless(call, now);
        const furtherTry = known?.opening?.id === opening;
        if (furtherTry && !(known.state === 'open' && brokenOffSince(known, request) > 0)) return go(known);
        const earlier = known?.state === 'open' && !furtherTry ? known : null;
        if (earlier && (now.denied !== null || now.capped !== null)) await lose(earlier);
        // An account that is not valid is not tried again and again by all who wait for it.
        if (now.denied !== null && !furtherTry) return { kind: 'denied', why: now.denied.why };
        // What would fit still begins when the campaign goes on: until then nobody may be there to take the answer.
        if (now.capped !== null && !furtherTry) return { kind: 'capped', cap: now.capped.cap, why: now.note };
        const before = countedAs(call._id) ?? known;
        const opened = openedCall(request, known, clock.now().toISOString());
        const paidBefore = { ...opened, state: 'failed' as const };
        totals.exchange(before, paidBefore);
        const refusal = refusalOf({ ...call, atMost }, now.settings.spending, totals);
        if (refusal) {
          const waits = request.patient && refusal.passes;
          if (waits && furtherTry) {
            waiting.set(call._id, paidBefore);
            return toldToWait(call.campaignId);
          }
          totals.exchange(paidBefore, before);
          if (earlier) await lose(earlier);
          if (waits) return toldToWait(call.campaignId);
          if (furtherTry) await giveUp({ ...paidBefore, error: refusal.why, refusal: null }, before);
          if (now.capped === null) await tellCapped(call, refusal, now);
          return { kind: 'capped', cap: refusal.cap, why: refusal.why };
        }
        totals.exchange(paidBefore, opened);
        waiting.delete(call._id);
        open.set(call._id, opened);
        if (known || !(await calls.insert(opened))) await calls.replace(opened);
        if (now.denied !== null) return { kind: 'denied', why: now.denied.why };
        return go(opened);
      }),
    close: (end) =>
      new Promise((reply, refuse) => {
        endsUnderWay++;
        inLane(end._id, async () => {
          const ended = await conclude(end);
          if (end.denied && ended.state === 'failed') await tellDenied(ended);
          // The asker need not wait for the note: without it the journal is told twice, under one id.
          reply({ call: callRecordSchema.parse(ended) });
          if (ended.state !== 'open') await noteAnnounced(ended);
        })
          .catch((error: unknown) => {
            log.warn({ call: end._id, err: messageOf(error) }, 'the end of a call was not taken');
            refuse(error);
          })
          .finally(() => endsUnderWay--);
      }),
    openCalls: () => open.size,
    endsUnderWay: () => endsUnderWay,
  };
}

const go = ({ refusal }: StoredCall): ReplyOf<'openCall'> => ({ kind: 'go', ...(refusal && { refusal }) });

function refuseSenseless(
  call: RequestOf<'openCall'>['call'],
  campaign: CampaignRecord | null,
): asserts campaign is CampaignRecord {
  if (!campaign) throw terminal('unknown-campaign', `there is no campaign ${call.campaignId}`);
  if (!isOpenCampaign(campaign)) {
    throw terminal(
      'campaign-ended',
      `campaign ${campaign._id} is ${campaign.state}: no model is asked for it any more`,
    );
  }
  if (call.experimentId !== null && !experimentIdSchema.safeParse(call.experimentId).success)
    throw terminal('call-invalid', `${call.experimentId} is not the id of an experiment`);
}

/** Tries of the opening under way that broke off since it was asked last. */
const brokenOffSince = ({ opening }: StoredCall, { brokenOff = 0 }: RequestOf<'openCall'>): number =>
  brokenOff - (opening?.brokenOff ?? 0);

/** Without the try that was counted as broken off when the question came again: now its answer comes after all. */
const withoutItsOwn = (call: StoredCall): StoredCall =>
  call.state === 'failed' && call.opening === null ? { ...call, brokenOff: Math.max(0, call.brokenOff - 1) } : call;

/** The record of a call that begins, begins again, or is tried again: what was paid for it before stays on it. */
const openedCall = (request: RequestOf<'openCall'>, before: StoredCall | null, now: string): StoredCall => {
  const { call, atMost, opening, brokenOff = 0 } = request;
  const isFurtherTry = before?.opening?.id === opening;
  // What was under way when its process died may be paid all the same.
  const lost = before?.state === 'open' ? 1 : 0;
  return {
    ...call,
    state: 'open',
    openings: (before?.openings ?? 0) + (isFurtherTry ? 0 : 1),
    answerHash: null,
    usage: before?.usage ?? null,
    reserved: atMost.input + atMost.output,
    dollars: before?.dollars ?? null,
    seconds: before?.seconds ?? 0,
    retries: before?.retries ?? 0,
    brokenOff: (before?.brokenOff ?? 0) + (isFurtherTry ? brokenOffSince(before, request) : lost),
    error: null,
    refusal: before?.refusal ?? null,
    openedAt: before?.openedAt ?? now,
    closedAt: null,
    atMost,
    announced: false,
    opening: { id: opening, brokenOff },
  };
};
