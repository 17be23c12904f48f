import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  catalogue,
  type DataOf,
  derivedMessageId,
  type Envelope,
  trainerOf,
} from '@asi/contracts';
import type { Inflight } from '@asi/store';
import type { ExperimentEvent } from '../experiment/context.ts';
import { measuredBy } from '../experiment/measured-by.ts';
import { reasonOf } from '../experiment/reasons.ts';
import { contextOf } from '../experiment/step.ts';
import type { ExperimentDesk } from '../experiment-desk.ts';
import type { RunnersSeen } from '../runners.ts';
import type { CampaignOffice } from './campaign-office.ts';
import { trainerFault } from './trainer-fault.ts';

export type TrainerWatchParts = {
  readonly bus: Pick<Bus, 'newestOnRecord'>;
  readonly office: Pick<CampaignOffice, 'current' | 'get' | 'change'>;
  readonly desk: Pick<ExperimentDesk, 'underWay' | 'advance'>;
};

/** Keeps measurements of two trainers apart that a campaign would take for comparable. */
export type TrainerWatch = {
  /** Pauses the open campaign where the runners have not the trainer that began it. @returns why it may not measure; null: it may */
  look(seen: RunnersSeen): Promise<string | null>;
  /** Whether a message brings what another trainer measured than the one that began its campaign. Such a training is asked for again. */
  refuses(envelope: Envelope): boolean;
  /** Whether a campaign waits for its trainer: nothing is opened, and no training is asked for again because time is up. */
  isHeld(campaignId: string): boolean;
  /** A person has let it go on. */
  release(campaignId: string): void;
  /** Asks for the trainings again whose measurements were refused, when the trainer is the right one. */
  askAgain(): Promise<void>;
};

export function createTrainerWatch({ bus, office, desk }: TrainerWatchParts): TrainerWatch {
  const held = new Set<string>();
  /** At start a predecessor may have refused some. */
  let mayHaveRefused = true;

  const wasMeasuredElsewhere = ({ yardstick }: CampaignRecord, { data }: Envelope): boolean =>
    (data as DataOf<'trained'>).measurement.trainerVersion !== trainerOf(yardstick);

  const askForAgain = async (campaign: CampaignRecord, document: Inflight): Promise<void> => {
    const { experimentId } = contextOf(document);
    const answer = await measuredBy(bus, contextOf(document));
    if (!answer || !wasMeasuredElsewhere(campaign, answer)) return;
    const { token, measurement } = answer.data as DataOf<'trained'>;
    // Lost like the job of a killed runner: nothing is known about the program yet.
    const event: ExperimentEvent = {
      type: 'TRAINING_FAILED',
      kind: 'retryable',
      token,
      messageId: answer.id,
      reason: reasonOf(
        'trainer-changed',
        `it was measured by trainer ${measurement.trainerVersion.slice(0, 12)}, and campaign ${campaign._id} measures by ${trainerOf(campaign.yardstick).slice(0, 12)}: the two do not compare`,
      ),
    };
    await desk.advance(experimentId, event, derivedMessageId(answer.id, 'trainer-changed'), answer);
  };

  return {
    look: async (seen) => {
      const campaign = office.current();
      const fault = campaign && trainerFault(campaign, seen);
      if (!campaign || !fault) return null;
      held.add(campaign._id);
      if (campaign.state === 'running') await office.change(campaign._id, { state: 'paused', note: fault }, null);
      return fault;
    },
    refuses: (envelope) => {
      if (envelope.type !== catalogue.trained.type) return false;
      const campaign = office.get((envelope.data as DataOf<'trained'>).campaignId);
      if (!campaign || !wasMeasuredElsewhere(campaign, envelope)) return false;
      mayHaveRefused = true;
      return true;
    },
    isHeld: (campaignId) => held.has(campaignId),
    release: (campaignId) => void held.delete(campaignId),
    askAgain: async () => {
      const campaign = office.current();
      if (!mayHaveRefused || campaign?.state !== 'running') return;
      mayHaveRefused = false;
      try {
        for (const document of await desk.underWay())
          if (document.view.campaignId === campaign._id && isTraining(document)) await askForAgain(campaign, document);
      } catch (error) {
        mayHaveRefused = true;
        throw error;
      }
    },
  };
}

export const isTraining = ({ view }: Pick<Inflight, 'view'>): boolean => view.state.split('.')[0] === 'training';
