import { createSerial } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  type Clock,
  campaignIdOf,
  catalogue,
  type DataOf,
  derivedMessageId,
  type Envelope,
  evaluationSeedOf,
  isOpenCampaign,
  retryable,
  terminal,
  yardstickOf,
} from '@asi/contracts';
import type { Revisions } from '@asi/store';
import type { RunnersSeen } from '../runners.ts';
import { refuseUnfit } from './refuse-unfit.ts';

export type CampaignOffice = {
  /** The one that is running or paused, if any. */
  current(): CampaignRecord | null;
  get(id: string): CampaignRecord | null;
  all(): readonly CampaignRecord[];
  load(): Promise<void>;
  /**
   * Starts a campaign. When one is open, it says which (as an answer to `cause`) and returns that one: of two who ask at the
   * same moment one comes second, and that is no fault. Throws terminal when no runner fits, retryable while none is there.
   */
  start(asked: DataOf<'startCampaign'>, cause: Envelope): Promise<CampaignRecord>;
  /** Applies a change under compare-and-set and tells the journal when the state changed. */
  change(
    id: string,
    change: Partial<Omit<CampaignRecord, '_id' | 'rev' | 'number'>>,
    cause: Envelope | null,
  ): Promise<CampaignRecord>;
};

const attemptsAtCompareAndSet = 20;

export type OfficeOptions = {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly campaigns: Revisions<CampaignRecord>;
  readonly runners: () => Promise<RunnersSeen | null>;
  /** A text that nobody can guess. */
  readonly drawSecret: () => string;
};

/** Owns the collection `campaigns`: who is running, in what state, and why. */
export function createCampaignOffice({ bus, clock, campaigns, runners, drawSecret }: OfficeOptions): CampaignOffice {
  const known = new Map<string, CampaignRecord>();
  const inTurn = createSerial();

  const drawnBefore = () =>
    [...known.values()].find(({ drawnEvaluationSeed }) => drawnEvaluationSeed !== null)?.drawnEvaluationSeed;

  const announce = async (
    campaign: CampaignRecord,
    cause: Envelope | null,
    id = derivedMessageId(campaign._id, campaign.rev, 'changed'),
  ) => {
    const { state } = campaign;
    await bus.publish(catalogue.campaignChanged, {
      experimentId: null,
      campaignId: campaign._id,
      id,
      cause,
      data: { campaignId: campaign._id, state, note: campaign.note },
    });
  };

  const office: CampaignOffice = {
    current: () => [...known.values()].find(isOpenCampaign) ?? null,
    get: (id) => known.get(id) ?? null,
    all: () => [...known.values()],
    load: async () => {
      known.clear();
      for (const campaign of await campaigns.all()) known.set(campaign._id, campaign);
    },
    start: async ({ settings, heldOutPer, confirmationRule }, cause) => {
      const repeated = [...known.values()].find((one) => one.startedBy === cause.id);
      if (repeated) return repeated;
      const open = office.current();
      if (open) {
        await announce(open, cause, derivedMessageId(open._id, 'open', cause.id));
        return open;
      }
      const seen = await runners();
      if (!seen) throw retryable('no-runner', 'no runner has answered yet', { retryAfterMilliseconds: 500 });
      refuseUnfit(settings, seen);
      const number = Math.max(0, ...[...known.values()].map((one) => one.number)) + 1;
      const drawnEvaluationSeed = settings.evaluationSeed === null ? (drawnBefore() ?? drawSecret()) : null;
      const evaluationSeed = evaluationSeedOf({ settings, drawnEvaluationSeed });
      const campaign: CampaignRecord = {
        _id: campaignIdOf(number),
        number,
        rev: 0,
        state: 'running',
        startedBy: cause.id,
        note: '',
        capped: null,
        denied: null,
        settings,
        drawnEvaluationSeed,
        heldOutPer,
        confirmationRule,
        yardstick: yardstickOf(settings.suite, seen.trainerVersion, evaluationSeed),
        baselineIds: [],
        reference: null,
        inFlight: settings.inFlight === 'auto' ? inFlightFor(seen.slots) : settings.inFlight,
        candidatesEndedAt: null,
        confirmations: [],
        confirmationNote: '',
        reopened: null,
        startedAt: clock.now().toISOString(),
        finishedAt: null,
      };
      if (!(await campaigns.create(campaign)))
        throw retryable('contended', 'another campaign was started at the same moment');
      known.set(campaign._id, campaign);
      await bus.publish(catalogue.campaignStarted, {
        experimentId: null,
        campaignId: campaign._id,
        id: derivedMessageId(campaign._id, 'started'),
        cause,
        data: { campaignId: campaign._id, settings },
      });
      return campaign;
    },
    change: (id, change, cause) =>
      inTurn(async () => {
        for (let attempt = 0; attempt < attemptsAtCompareAndSet; attempt++) {
          const before = await campaigns.get(id);
          if (!before) throw terminal('unknown-campaign', `there is no campaign ${id}`);
          const next = { ...before, ...change, rev: before.rev + 1 };
          if (!(await campaigns.replace(next))) continue;
          known.set(id, next);
          if (next.state !== before.state || next.note !== before.note) await announce(next, cause);
          return next;
        }
        throw retryable('contended', `campaign ${id} could not be changed`);
      }),
  };
  return office;
}

/** Two designs ahead of every training slot's work, so that no slot waits for a design. */
export const inFlightFor = (slots: number): number => 2 * slots + 2;
