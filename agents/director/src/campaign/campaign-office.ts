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
  type MessageId,
  retryable,
  terminal,
  yardstickOf,
} from '@asi/contracts';
import type { Revisions } from '@asi/store';
import type { CrashPlan } from '../crash-points.ts';
import type { RunnersSeen } from '../runners.ts';
import { refuseUnfit } from './refuse-unfit.ts';
import { soleTrainer } from './sole-trainer.ts';

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
  /** Says what was stored and not said, because a predecessor was killed in between or the broker did not answer. */
  tellUntold(): Promise<void>;
  /** Applies a change under compare-and-set and tells the journal when the state changed. */
  change(
    id: string,
    change: Partial<Omit<CampaignRecord, '_id' | 'rev' | 'number' | 'untold'>>,
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
  readonly crash: CrashPlan;
};

/** Owns the collection `campaigns`: who is running, in what state, and why. */
export function createCampaignOffice(options: OfficeOptions): CampaignOffice {
  const { bus, clock, campaigns, runners, drawSecret, crash } = options;
  const known = new Map<string, CampaignRecord>();
  const inTurn = createSerial();

  const drawnBefore = () =>
    [...known.values()].find(({ drawnEvaluationSeed }) => drawnEvaluationSeed !== null)?.drawnEvaluationSeed;

  const announce = ({ _id: campaignId, state, note }: CampaignRecord, cause: Envelope | null, id: MessageId) =>
    bus.publishOnce(catalogue.campaignChanged, {
      experimentId: null,
      campaignId,
      id,
      cause,
      data: { campaignId, state, note },
    });

  /**
   * Stored first, then said, then noted as said: who hears of a change finds it, and what was not said is said at the next
   * tick or by a successor. The id makes a second publication harmless.
   */
  const tell = async (campaign: CampaignRecord, cause: Envelope | null): Promise<CampaignRecord> => {
    const { _id: campaignId, untold, settings } = campaign;
    if (untold === null) return campaign;
    if (untold === 0)
      await bus.publishOnce(catalogue.campaignStarted, {
        experimentId: null,
        campaignId,
        id: derivedMessageId(campaignId, 'started'),
        cause,
        data: { campaignId, settings },
      });
    else await announce(campaign, cause, derivedMessageId(campaignId, untold, 'changed'));
    crash('afterPublish', untold === 0 ? 'CAMPAIGN_STARTED' : 'CAMPAIGN_CHANGED');
    const told = { ...campaign, rev: campaign.rev + 1, untold: null };
    const now = (await campaigns.replace(told)) ? told : ((await campaigns.get(campaignId)) ?? campaign);
    known.set(campaignId, now);
    return now;
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
      if (repeated) return inTurn(() => tell(known.get(repeated._id) ?? repeated, cause));
      const open = office.current();
      if (open) {
        await announce(open, cause, derivedMessageId(open._id, 'open', cause.id));
        return open;
      }
      const seen = await runners();
      if (!seen) throw retryable('no-runner', 'no runner has answered yet', { retryAfterMilliseconds: 500 });
      refuseUnfit(settings, seen);
      const trainerVersion = soleTrainer(seen);
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
        yardstick: yardstickOf(settings.suite, trainerVersion, evaluationSeed),
        baselineIds: [],
        reference: null,
        inFlight: settings.inFlight === 'auto' ? inFlightFor(seen.slots) : settings.inFlight,
        candidatesEndedAt: null,
        confirmations: [],
        confirmationNote: '',
        reopened: null,
        untold: 0,
        startedAt: clock.now().toISOString(),
        finishedAt: null,
      };
      if (!(await campaigns.create(campaign))) {
        // Also where it was this message that started it, and the answer of the database was lost: its next delivery sees it.
        await office.load();
        throw retryable('contended', 'another campaign was started at the same moment');
      }
      known.set(campaign._id, campaign);
      crash('afterCommit', 'CAMPAIGN_STARTED');
      return inTurn(() => tell(known.get(campaign._id) ?? campaign, cause));
    },
    tellUntold: () =>
      inTurn(async () => {
        for (const campaign of known.values()) await tell(campaign, null);
      }),
    change: (id, change, cause) =>
      inTurn(async () => {
        for (let attempt = 0; attempt < attemptsAtCompareAndSet; attempt++) {
          const stored = await campaigns.get(id);
          if (!stored) throw terminal('unknown-campaign', `there is no campaign ${id}`);
          const before = await tell(stored, null);
          const rev = before.rev + 1;
          const isNews =
            (change.state ?? before.state) !== before.state || (change.note ?? before.note) !== before.note;
          const next = { ...before, ...change, rev, untold: isNews ? rev : before.untold };
          if (!(await campaigns.replace(next))) continue;
          known.set(id, next);
          if (!isNews) return next;
          crash('afterCommit', 'CAMPAIGN_CHANGED');
          return tell(next, cause);
        }
        throw retryable('contended', `campaign ${id} could not be changed`);
      }),
  };
  return office;
}

/** Two designs ahead of every training slot's work, so that no slot waits for a design. */
export const inFlightFor = (slots: number): number => 2 * slots + 2;
