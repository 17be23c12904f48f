import { createSerial, type Log } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  type Clock,
  catalogue,
  derivedMessageId,
  type Envelope,
  type ExperimentId,
  type ExperimentRecord,
  isOpenCampaign,
  terminal,
} from '@asi/contracts';
import type { Inflight, Records, Revisions } from '@asi/store';
import { materialFor } from './campaign/assessment-material.ts';
import { campaignCommands } from './campaign/campaign-commands.ts';
import { type CampaignOffice, createCampaignOffice, inFlightFor } from './campaign/campaign-office.ts';
import { endingOf } from './campaign/ending.ts';
import { createOpenedOrdinals } from './campaign/opened-ordinals.ts';
import { type CampaignProgress, openBaselines, type SamplingOptions, sampleAhead } from './campaign/sampling.ts';
import { createSettledLedger } from './campaign/settled-ledger.ts';
import { mayWaitForModel } from './campaign/spending.ts';
import { createTrainerWatch, isTraining } from './campaign/trainer-watch.ts';
import { createConfirmations } from './confirmation/confirmations.ts';
import type { CrashPlan } from './crash-points.ts';
import { eventOf } from './experiment/events.ts';
import { measuredBy } from './experiment/measured-by.ts';
import { contextOf } from './experiment/step.ts';
import { createExperimentDesk } from './experiment-desk.ts';
import { measuredBaselines } from './fitness/measured-baselines.ts';
import { baselineRunsOf, referenceFrom } from './fitness/reference.ts';
import { createKnowledge } from './knowledge.ts';
import { noteIgnored } from './note-ignored.ts';
import { type RunnersSeen, seeRunners } from './runners.ts';

export type DirectorOptions = {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly campaigns: Revisions<CampaignRecord>;
  readonly inflight: Revisions<Inflight>;
  readonly experiments: Records<ExperimentRecord>;
  readonly crash: CrashPlan;
  /** A text that nobody can guess: the seed of the held-out data. */
  readonly drawSecret: () => string;
};

export type Director = {
  /** Rebuilds what is held in memory and finishes what was begun before. To be called before any message is handled. */
  recover(): Promise<void>;
  handle(envelope: Envelope): Promise<void>;
  /** Deadlines, runners that came, campaigns whose time is up. To be called every few seconds. */
  tick(): Promise<void>;
  details(): Record<string, string | number | boolean>;
};

export function createDirector(options: DirectorOptions): Director {
  const { bus, clock, log, experiments } = options;
  const knowledge = createKnowledge();
  const progressOf = new Map<string, CampaignProgress>();
  const progress = (campaign: Pick<CampaignRecord, '_id'>): CampaignProgress => {
    const found = progressOf.get(campaign._id) ?? { ledger: createSettledLedger(), opened: createOpenedOrdinals() };
    progressOf.set(campaign._id, found);
    return found;
  };
  const office: CampaignOffice = createCampaignOffice({
    bus,
    clock,
    campaigns: options.campaigns,
    runners: () => seeRunners(bus),
    drawSecret: options.drawSecret,
    crash: options.crash,
  });
  /** Sampling is one decision at a time, whatever number of messages is handled at once. */
  const inTurn = createSerial();

  const learn = (record: ExperimentRecord): void => {
    knowledge.add(record);
    if (record.ordinal === null) return;
    const own = progress({ _id: record.campaignId });
    own.ledger.record(record.ordinal, record.outcome);
    own.opened.add(record.ordinal);
  };

  const desk = createExperimentDesk({
    bus,
    clock,
    inflight: options.inflight,
    experiments,
    crash: options.crash,
    isFinished: (id) => knowledge.get(id) !== undefined,
    afterRecord: async (record) => {
      learn(record);
      log.info({ experimentId: record._id, outcome: record.outcome, reason: record.reason?.code }, 'settled');
    },
    afterCommit: async (document) => {
      if (document.view.state === 'measured') await assess(document);
      if (document.settled && document.view.kind === 'baseline') await assessMeasured(await desk.underWay());
      if (document.settled || document.view.state === 'measured') void plan();
    },
  });

  const trainers = createTrainerWatch({ bus, office, desk });

  const confirmations = createConfirmations({ bus, clock, log, office, desk, knowledge, crash: options.crash });

  const sampling: SamplingOptions = { office, desk, knowledge, source: bus.source, clock, progress };

  /** Hands a measured experiment its material, as soon as the campaign has a reference. */
  const assess = async (document: Inflight): Promise<void> => {
    const context = contextOf(document);
    const campaign = office.get(context.campaignId);
    if (!campaign?.reference) return;
    // P1: a candidate's parent may be a baseline of this campaign, and must be known or not whoever is faster.
    if (context.kind === 'candidate' && campaign.baselineIds.some((id) => !knowledge.get(id))) return;
    const material = materialFor(context, campaign.reference, knowledge);
    await desk.advance(
      context.experimentId,
      { type: 'REFERENCE_READY', material },
      derivedMessageId(context.experimentId, 'reference-ready'),
      await measuredBy(bus, context),
    );
  };

  /** Also at start and at every tick: a predecessor may have been killed between storing the reference and letting go. */
  const assessMeasured = async (documents: readonly Inflight[]): Promise<void> => {
    for (const document of documents) if (document.view.state === 'measured') await assess(document);
  };

  /** Makes the reference once all its runs are settled, and lets the measured ones go on. */
  const setReference = async (campaign: CampaignRecord): Promise<CampaignRecord> => {
    if (campaign.reference || campaign.baselineIds.length === 0) return campaign;
    const measured = await measuredBaselines(campaign, await desk.underWay(), experiments);
    if (!measured) return campaign;
    const reference = referenceFrom(baselineRunsOf(measured), campaign.yardstick);
    if (!reference) {
      const note =
        'the baselines gave no usable reference (DeltaNet failed or was cancelled, or no model has two seeds): see `asi leaderboard --failures` and mend the cause, then `asi run` or `asi resume` trains the failed ones again; where the cause is in the settings, `asi run --new` starts another campaign';
      return campaign.state === 'paused' ? campaign : office.change(campaign._id, { state: 'paused', note }, null);
    }
    // Said before it is stored: a successor makes the same one, under an id that makes a second publication harmless.
    await bus.publishOnce(catalogue.referenceSet, {
      experimentId: null,
      campaignId: campaign._id,
      id: derivedMessageId(campaign._id, 'reference'),
      data: { campaignId: campaign._id, reference },
    });
    options.crash('afterPublish', 'REFERENCE_SET');
    const next = await office.change(campaign._id, { reference }, null);
    options.crash('afterCommit', 'REFERENCE_SET');
    await assessMeasured(await desk.underWay());
    return next;
  };

  /** The reference of a campaign stays as it was made. To be called in turn with what makes it. */
  const refuseCompared = async (id: string): Promise<void> => {
    const document = (await desk.underWay()).find((one) => one._id === id);
    if (document?.view.kind !== 'baseline') return;
    const { campaignId, measurement } = contextOf(document);
    if (measurement && office.get(campaignId)?.reference)
      throw terminal('measured-baseline', `${id} is measured, and campaign ${campaignId} compares with it already`);
  };

  /** Its campaign may not ask the model, or has not the trainer, that it may be waiting for: its deadline stands still until that goes on. */
  const isHeld = (document: Inflight): boolean => {
    if (trainers.isHeld(document.view.campaignId) && isTraining(document)) return true;
    const campaign = office.get(document.view.campaignId);
    return Boolean(campaign?.capped || campaign?.denied) && mayWaitForModel(contextOf(document), document.view.state);
  };

  /** Also at start and at every tick: a predecessor may have been stopped between ending the campaign and ending what was under way. */
  const cancelLeftOver = async (documents: readonly Inflight[], cause: Envelope | null): Promise<void> => {
    for (const { _id, view, settled } of documents) {
      const campaign = office.get(view.campaignId);
      if (settled || !campaign || isOpenCampaign(campaign)) continue;
      const id = _id as ExperimentId;
      const event = { type: 'CANCEL' as const, why: 'the campaign was cancelled' };
      await desk.advance(id, event, derivedMessageId(id, 'campaign-cancelled'), cause);
    }
  };

  /** Pauses the campaign that the runners of now would measure otherwise than it was begun. */
  const lookAtRunners = async (): Promise<{ readonly seen: RunnersSeen | null; readonly mayMeasure: boolean }> => {
    const seen = office.current() ? await seeRunners(bus) : null;
    return { seen, mayMeasure: seen !== null && (await inTurn(() => trainers.look(seen))) === null };
  };

  const isUnderWay = async ({ _id }: CampaignRecord): Promise<boolean> =>
    (await desk.underWay()).some((one) => one.view.campaignId === _id);

  const plan = (): Promise<void> =>
    inTurn(async () => {
      let campaign = office.current();
      if (!campaign) return;
      campaign = await setReference(trainers.isHeld(campaign._id) ? campaign : await openBaselines(campaign, sampling));
      if (campaign.state !== 'running') return;
      if (campaign.candidatesEndedAt === null && (await sampleAhead(campaign, sampling))) {
        // Baselines may still train when the time of the candidates is up: without them nothing can be compared.
        if (!campaign.reference && (await isUnderWay(campaign))) return;
        campaign = await confirmations.choose(campaign);
      }
      const isConfirming = await confirmations.advance(campaign);
      campaign = office.get(campaign._id) ?? campaign;
      if (campaign.candidatesEndedAt === null || isConfirming || (await isUnderWay(campaign))) return;
      const ending = endingOf(campaign, progress(campaign).ledger.completed(), knowledge, clock);
      await office.change(campaign._id, ending, null);
      log.info({ campaignId: campaign._id, note: ending.note }, 'campaign finished');
    }).catch((error: unknown) =>
      log.error({ err: String(error) }, 'planning failed; it is tried again at the next tick'),
    );

  const commands = campaignCommands({
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
  });

  return {
    recover: async () => {
      await office.load();
      for await (const record of experiments.all()) learn(record);
      for (const document of await desk.underWay()) {
        const { ordinal, campaignId } = document.view;
        if (ordinal !== null) progress({ _id: campaignId as CampaignRecord['_id'] }).opened.add(ordinal);
      }
      await office.tellUntold();
      await cancelLeftOver(await desk.underWay(), null);
      // Before a message lets anything be opened.
      await lookAtRunners();
      const resumed = await desk.recover();
      log.info({ underWay: resumed, campaign: office.current()?._id }, 'recovered');
    },
    handle: async (envelope) => {
      const command = commands[envelope.type];
      if (command) return command(envelope.data as never, envelope);
      const event = eventOf(envelope);
      if (!event) throw terminal('unknown-message', `the director does not understand ${envelope.type}`);
      if (trainers.refuses(envelope)) {
        log.warn({ experimentId: envelope.subject }, 'measured by another trainer than its campaign: not taken');
        await noteIgnored(bus, envelope.subject as ExperimentId, envelope, 'other-trainer');
        return;
      }
      const advance = () => desk.advance(envelope.subject as ExperimentId, event, envelope.id, envelope);
      await (event.type === 'CANCEL' ? inTurn(() => refuseCompared(envelope.subject).then(advance)) : advance());
      options.crash('beforeAck', event.type);
    },
    tick: async () => {
      await office.tellUntold();
      const { seen, mayMeasure } = await lookAtRunners();
      const underWay = await desk.underWay();
      await desk.finish(underWay);
      await desk.sweep(underWay.filter((one) => !isHeld(one)));
      if (mayMeasure) await trainers.askAgain();
      await assessMeasured(underWay);
      await cancelLeftOver(underWay, null);
      const campaign = office.current();
      if (campaign?.settings.inFlight === 'auto') {
        const wanted = seen ? inFlightFor(seen.slots) : 0;
        if (wanted > campaign.inFlight) await office.change(campaign._id, { inFlight: wanted }, null);
      }
      await plan();
    },
    details: () => {
      const campaign = office.current();
      if (!campaign) return { campaign: 'none' };
      const own = progress(campaign);
      return {
        campaign: campaign._id,
        campaignState: campaign.state,
        sampled: own.opened.upTo(),
        ...own.ledger.counts(),
      };
    },
  };
}
