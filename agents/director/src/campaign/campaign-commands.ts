import type { Serial } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type Clock, catalogue, type DataOf, type Envelope, isOpenCampaign, terminal } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import type { Confirmations } from '../confirmation/confirmations.ts';
import { requestConfirmation } from '../confirmation/request-confirmation.ts';
import type { ExperimentDesk } from '../experiment-desk.ts';
import type { Knowledge } from '../knowledge.ts';
import { seeRunners } from '../runners.ts';
import type { CampaignOffice } from './campaign-office.ts';
import { endedAgain } from './ending.ts';
import { reopenFailedBaselines, type SamplingOptions } from './sampling.ts';
import { pauseFor, pauseForDenied, withSpending } from './spending.ts';
import type { TrainerWatch } from './trainer-watch.ts';

export type CampaignCommandParts = {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly office: CampaignOffice;
  readonly desk: Pick<ExperimentDesk, 'underWay' | 'rearm'>;
  readonly knowledge: Knowledge;
  readonly confirmations: Confirmations;
  readonly sampling: SamplingOptions;
  /** Sampling and what changes a campaign are one decision at a time. */
  readonly inTurn: Serial;
  readonly plan: () => Promise<void>;
  readonly isHeld: (document: Inflight) => boolean;
  readonly trainers: Pick<TrainerWatch, 'look' | 'release'>;
  readonly cancelLeftOver: (documents: readonly Inflight[], cause: Envelope | null) => Promise<void>;
};

/** What a campaign is told by people, by the archive that keeps its caps, and by nobody else; by type of message. */
export function campaignCommands({
  bus,
  clock,
  office,
  desk,
  knowledge,
  confirmations,
  sampling,
  inTurn,
  plan,
  isHeld,
  trainers,
  cancelLeftOver,
}: CampaignCommandParts): Readonly<Record<string, (data: never, envelope: Envelope) => Promise<void>>> {
  return {
    [catalogue.startCampaign.type]: async (asked: DataOf<'startCampaign'>, envelope) => {
      await inTurn(() => office.start(asked, envelope));
      void plan();
    },
    [catalogue.continueCampaign.type]: async ({ campaignId, spending }: DataOf<'continueCampaign'>, envelope) => {
      const campaign = office.get(campaignId);
      if (!campaign || !isOpenCampaign(campaign)) return;
      const seen = await seeRunners(bus);
      const fault = seen && (await inTurn(() => trainers.look(seen)));
      if (fault && campaign.state === 'paused') throw terminal('other-trainer', fault);
      const changes = spending ? { settings: withSpending(campaign, spending) } : {};
      // Before it runs again, and its deadlines with it.
      for (const document of await desk.underWay()) if (isHeld(document)) await desk.rearm(document._id);
      if (!fault) trainers.release(campaignId);
      const running = { state: 'running' as const, note: '', capped: null, denied: null };
      await inTurn(async () => {
        if (campaign.state === 'paused') await reopenFailedBaselines(campaign, sampling);
        await office.change(campaignId, { ...changes, ...(campaign.state === 'paused' ? running : {}) }, envelope);
      });
      void plan();
    },
    [catalogue.spendingCapped.type]: async (capped: DataOf<'spendingCapped'>, envelope) => {
      const campaign = office.get(capped.campaignId);
      const pause = campaign && pauseFor(capped, campaign);
      if (pause) await office.change(capped.campaignId, pause, envelope);
    },
    [catalogue.modelDenied.type]: async (denied: DataOf<'modelDenied'>, envelope) => {
      const campaign = office.get(denied.campaignId);
      const pause = campaign && pauseForDenied(denied, campaign);
      if (pause) await office.change(denied.campaignId, pause, envelope);
    },
    [catalogue.pauseCampaign.type]: async ({ campaignId }: DataOf<'pauseCampaign'>, envelope) => {
      if (office.get(campaignId)?.state !== 'running') return;
      await office.change(
        campaignId,
        { state: 'paused', note: 'paused by a person: `asi resume` continues it' },
        envelope,
      );
    },
    [catalogue.confirmCandidate.type]: async (data: DataOf<'confirmCandidate'>, envelope) => {
      const runners = () => seeRunners(bus);
      await inTurn(() => requestConfirmation(data, envelope, { office, knowledge, confirmations, runners }));
      void plan();
    },
    [catalogue.cancelCampaign.type]: async ({ campaignId }: DataOf<'cancelCampaign'>, envelope) => {
      const campaign = office.get(campaignId);
      if (!campaign) throw terminal('unknown-campaign', `there is no campaign ${campaignId}`);
      if (isOpenCampaign(campaign))
        await inTurn(async () => {
          const closed = await confirmations.cancel(office.get(campaignId) ?? campaign);
          const ending = closed.reopened
            ? endedAgain(closed)
            : { state: 'cancelled' as const, note: 'cancelled by a person', finishedAt: clock.now().toISOString() };
          await office.change(campaignId, { ...ending, capped: null, denied: null }, envelope);
        });
      await cancelLeftOver(await desk.underWay(), envelope);
    },
  };
}
