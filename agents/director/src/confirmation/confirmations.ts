import type { Log } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  type Clock,
  type Confirmation,
  catalogue,
  derivedMessageId,
  type Envelope,
} from '@asi/contracts';
import { standingOf } from '@asi/statistics';
import type { CampaignOffice } from '../campaign/campaign-office.ts';
import { openedDocument } from '../campaign/candidate.ts';
import type { CrashPlan } from '../crash-points.ts';
import type { ExperimentDesk } from '../experiment-desk.ts';
import type { Knowledge } from '../knowledge.ts';
import { chooseForConfirmation } from './choose-candidates.ts';
import { confirmationContext, runsOf } from './confirmation-runs.ts';
import { evidenceOf } from './evidence.ts';
import { planConfirmation } from './plan-confirmation.ts';

export type ConfirmationsOptions = {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly office: CampaignOffice;
  readonly desk: ExperimentDesk;
  readonly knowledge: Knowledge;
  readonly crash: CrashPlan;
};

/**
 * Trains what is to be confirmed again, look by look. Every method finds out from documents what is left to do, so that a
 * killed director goes on where it was: runs have ids that follow from program and seed, and a message is published
 * before its change is stored, under an id that makes a second publication harmless.
 */
export type Confirmations = {
  /** Ends the time of the candidates, once: chooses whom to confirm. */
  choose(campaign: CampaignRecord): Promise<CampaignRecord>;
  /** Stores a plan that was made, and says it. */
  begin(
    campaign: CampaignRecord,
    added: readonly Confirmation[],
    change: Partial<CampaignRecord>,
    cause: Envelope | null,
  ): Promise<CampaignRecord>;
  /** Opens the runs that the next looks need and concludes what can be. True while anything is left to do. */
  advance(campaign: CampaignRecord): Promise<boolean>;
  /** Ends those that are not concluded, because the campaign ends. */
  cancel(campaign: CampaignRecord): Promise<CampaignRecord>;
};

export function createConfirmations(options: ConfirmationsOptions): Confirmations {
  const { bus, clock, log, office, desk, knowledge, crash } = options;

  const store = (campaign: CampaignRecord, changed: Confirmation): Promise<CampaignRecord> =>
    office.change(
      campaign._id,
      { confirmations: campaign.confirmations.map((one) => (one.order === changed.order ? changed : one)) },
      null,
    );

  const conclude = async (campaign: CampaignRecord, confirmation: Confirmation): Promise<CampaignRecord> => {
    if (!campaign.reference) return campaign;
    const { result } = standingOf(confirmation, evidenceOf(campaign, campaign.reference, knowledge));
    crash('afterDecide', 'CONFIRMATION_CONCLUDED');
    await bus.publishOnce(catalogue.confirmationConcluded, {
      experimentId: confirmation.candidateId,
      campaignId: campaign._id,
      id: derivedMessageId(campaign._id, confirmation.order, 'concluded'),
      data: { campaignId: campaign._id, result },
    });
    crash('afterPublish', 'CONFIRMATION_CONCLUDED');
    const next = await store(campaign, { ...confirmation, concludedAt: clock.now().toISOString() });
    crash('afterCommit', 'CONFIRMATION_CONCLUDED');
    log.info({ candidateId: result.candidateId, status: result.status, pairs: result.pairs }, 'confirmation concluded');
    return next;
  };

  const confirmations: Confirmations = {
    choose: async (campaign) => {
      const candidatesEndedAt = clock.now().toISOString();
      if (!campaign.reference) return office.change(campaign._id, { candidatesEndedAt }, null);
      const earlier = office.all().reduce((sum, { confirmations }) => sum + confirmations.length, 0);
      const { chosen, note } = chooseForConfirmation(campaign, campaign.reference, knowledge, earlier);
      crash('afterDecide', 'CONFIRMATIONS_CHOSEN');
      const added: Confirmation[] = [];
      for (const candidate of chosen) {
        const known = { ...campaign, confirmations: [...campaign.confirmations, ...added] };
        added.push(
          planConfirmation({
            candidate,
            campaign,
            campaigns: [...office.all().filter((one) => one._id !== campaign._id), known],
            knowledge,
            seeds: campaign.settings.confirmation.seeds,
            requestedBy: 'plan',
            requestId: '',
          }),
        );
      }
      return confirmations.begin(campaign, added, { candidatesEndedAt, confirmationNote: note }, null);
    },
    begin: async (campaign, added, change, cause) => {
      for (const confirmation of added) {
        await bus.publishOnce(catalogue.confirmationPlanned, {
          experimentId: confirmation.candidateId,
          campaignId: campaign._id,
          id: derivedMessageId(campaign._id, confirmation.order, 'planned'),
          cause,
          data: { campaignId: campaign._id, confirmation },
        });
      }
      crash('afterPublish', 'CONFIRMATIONS_CHOSEN');
      const next = await office.change(
        campaign._id,
        { ...change, confirmations: [...campaign.confirmations, ...added] },
        cause,
      );
      crash('afterCommit', 'CONFIRMATIONS_CHOSEN');
      return next;
    },
    advance: async (begun) => {
      const { reference } = begun;
      if (!reference) return false;
      let campaign = begun;
      let isOpen = false;
      for (const confirmation of begun.confirmations) {
        if (confirmation.concludedAt !== null) continue;
        const { needed, result } = standingOf(confirmation, evidenceOf(campaign, reference, knowledge));
        if (needed === null) {
          campaign = await conclude(campaign, confirmation);
          continue;
        }
        const underWay = (await desk.underWay()).filter((one) => one.view.campaignId === campaign._id);
        const runs = runsOf(confirmation, needed, knowledge);
        const begunAlready = (id: string) => knowledge.get(id) !== undefined || underWay.some((one) => one._id === id);
        const missing = runs.filter(({ id }) => !begunAlready(id));
        const isLookBegun = confirmation.runs.slice(result.pairs, needed).some(begunAlready);
        if (confirmation.requestedBy === 'plan' && !isLookBegun && isTimeUp(campaign, clock)) {
          const closed = { ...confirmation, closed: 'time' as const };
          campaign = await conclude(await store(campaign, closed), closed);
          continue;
        }
        isOpen = true;
        for (const run of missing.slice(0, Math.max(0, campaign.inFlight - underWay.length)))
          await desk.open(
            openedDocument(
              confirmationContext(campaign, run, clock.now().toISOString()),
              'confirmation',
              bus.source,
              clock,
            ),
          );
      }
      return isOpen;
    },
    cancel: async (campaign) => {
      let current = campaign;
      for (const confirmation of campaign.confirmations) {
        if (confirmation.concludedAt !== null) continue;
        const closed = { ...confirmation, closed: 'cancelled' as const };
        current = await conclude(await store(current, closed), closed);
      }
      return current;
    },
  };
  return confirmations;
}

function isTimeUp({ settings, candidatesEndedAt }: CampaignRecord, clock: Clock): boolean {
  const { minutes } = settings.confirmation;
  if (minutes === null || candidatesEndedAt === null) return false;
  return clock.now().getTime() > new Date(candidatesEndedAt).getTime() + minutes * 60_000;
}
