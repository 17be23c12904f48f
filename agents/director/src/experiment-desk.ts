import { createLanes } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import {
  type Clock,
  derivedMessageId,
  type Envelope,
  type ExperimentId,
  type ExperimentRecord,
  retryable,
  terminal,
} from '@asi/contracts';
import type { Inflight, OutboxEntry, Records, Revisions } from '@asi/store';
import type { CrashPlan } from './crash-points.ts';
import type { ExperimentEvent } from './experiment/context.ts';
import { recordOf } from './experiment/record.ts';
import { deadlineOf, restore, step } from './experiment/step.ts';
import { noteIgnored } from './note-ignored.ts';

export type DeskOptions = {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly inflight: Revisions<Inflight>;
  readonly experiments: Records<ExperimentRecord>;
  readonly crash: CrashPlan;
  readonly isFinished: (id: string) => boolean;
  /** Called after every commit, with the document as it now is. */
  readonly afterCommit: (document: Inflight) => Promise<void>;
  readonly afterRecord: (record: ExperimentRecord) => Promise<void>;
};

/** Advances experiments durably. The only code that writes `inflight` and `experiments`. */
export type ExperimentDesk = {
  /** Stores a new experiment with the messages of its first step, and publishes them. Harmless when it exists, or existed. */
  open(document: Inflight): Promise<void>;
  /** Takes one event into account exactly once, however often it is delivered. */
  advance(id: ExperimentId, event: ExperimentEvent, messageId: string, cause: Envelope | null): Promise<void>;
  /** Finishes what a killed predecessor began, and gives every state its full time again: downtime is nobody's fault. */
  recover(): Promise<number>;
  /** Gives the present state of an experiment its full time again. */
  rearm(id: string): Promise<void>;
  /**
   * Finishes what this process itself left half done of the documents: a write whose answer was lost, or what should have
   * followed one and failed. For messages of others their next delivery does it; a creation or a deadline has none.
   */
  finish(documents: readonly Inflight[]): Promise<void>;
  /** Sends DEADLINE to those of the documents that have waited too long. */
  sweep(documents: readonly Inflight[]): Promise<void>;
  underWay(): Promise<Inflight[]>;
};

const attemptsAtCompareAndSet = 50;

export function createExperimentDesk(options: DeskOptions): ExperimentDesk {
  const { bus, clock, inflight, experiments, crash } = options;
  /** Revisions whose outbox this process has published; what it does not know it publishes again, which the ids make harmless. */
  const published = new Map<string, number>();
  /**
   * D1: within this process the events of one experiment are taken one after another. The compare-and-set guards
   * against another process; the embedded database lets several concurrent writers of one revision win (measured), so
   * it must not be the only guard.
   */
  const inLane = createLanes();
  /**
   * D2: what this process wrote last, so that it is not read back for every event. Only a hint: the write names the
   * revision it rests on, and whoever finds it outdated, or does not know whether it happened, forgets it and reads.
   */
  const newest = new Map<string, Inflight>();

  const replace = async (document: Inflight): Promise<boolean> => {
    newest.delete(document._id);
    const replaced = await inflight.replace(document);
    if (replaced) newest.set(document._id, document);
    return replaced;
  };

  const isTold = ({ _id, rev }: Inflight): boolean => (published.get(_id) ?? -1) >= rev;

  const publish = async (document: Inflight): Promise<void> => {
    if (isTold(document)) return;
    // The broker recognises a message id for some minutes only: what a predecessor said before a long pause is looked up.
    const isOwn = newest.has(document._id);
    const isNew = async (entry: OutboxEntry) =>
      isOwn || (await bus.newestOnRecord(entry, document._id as ExperimentId))?.id !== entry.envelope.id;
    await Promise.all(
      document.outbox.map(async (entry) => (await isNew(entry)) && bus.publishStamped(entry, entry.envelope)),
    );
    published.set(document._id, document.rev);
  };

  const rearm = async (document: Inflight): Promise<void> => {
    await publish(document);
    const deadlineAt = deadlineOf(restore(document), clock.now());
    const rearmed = { ...document, rev: document.rev + 1, outbox: [], deadlineAt };
    if (await replace(rearmed)) published.set(document._id, rearmed.rev);
  };

  /** Who hears that an experiment is settled finds its record: the record comes first, then the message, then the tidying up. */
  const conclude = async (document: Inflight, event: string): Promise<Inflight> => {
    if (!document.settled) {
      await publish(document);
      crash('afterPublish', event);
      return document;
    }
    const finished = recordOf(document, clock.now().toISOString());
    await experiments.insert(finished);
    crash('afterRecord', document.view.state);
    await publish(document);
    crash('afterPublish', event);
    await options.afterRecord(finished);
    newest.delete(document._id);
    await inflight.remove(document._id);
    published.delete(document._id);
    return document;
  };

  /** One event, exactly once. Null when it changed nothing, or the experiment is not at the revision that it is meant for. */
  const take = async (
    id: ExperimentId,
    event: ExperimentEvent,
    messageId: string,
    cause: Envelope | null,
    onlyAt: number | null,
  ): Promise<Inflight | null> => {
    for (let attempt = 0; attempt < attemptsAtCompareAndSet; attempt++) {
      const remembered = newest.get(id);
      const document = remembered ?? (await inflight.get(id));
      crash('afterLoad', event.type);
      if (!document) {
        if (!options.isFinished(id)) throw terminal('unknown-experiment', `there is no experiment ${id}`);
        await noteIgnored(bus, id, cause, 'already-settled');
        return null;
      }
      if (onlyAt !== null && document.rev !== onlyAt) return null;
      const result = step({ document, event, messageId, cause, source: bus.source, clock });
      crash('afterDecide', event.type);
      if (result.kind === 'repeated') return conclude(document, event.type);
      if (result.kind === 'ignored' && remembered) {
        // No write follows that would find the memory outdated: what another process wrote meanwhile may expect this event.
        newest.delete(id);
        continue;
      }
      if (result.kind === 'ignored') {
        await noteIgnored(bus, id, cause, result.why);
        return null;
      }
      await publish(document);
      if (!(await replace(result.document))) continue;
      crash('afterCommit', event.type);
      return conclude(result.document, event.type);
    }
    throw retryable('contended', `${id} changed ${attemptsAtCompareAndSet} times while one message was handled`);
  };

  const advance = async (
    id: ExperimentId,
    event: ExperimentEvent,
    messageId: string,
    cause: Envelope | null,
    onlyAt: number | null,
  ): Promise<void> => {
    const advanced = await inLane(id, () => take(id, event, messageId, cause, onlyAt));
    if (advanced) await options.afterCommit(advanced);
  };

  return {
    open: async (document) => {
      const opened = await inLane(document._id, async () => {
        if (options.isFinished(document._id) || !(await inflight.create(document))) return null;
        newest.set(document._id, document);
        crash('afterCommit', 'BEGIN');
        return conclude(document, 'BEGIN');
      });
      if (opened) await options.afterCommit(opened);
    },
    advance: (id, event, messageId, cause) => advance(id, event, messageId, cause, null),
    recover: async () => {
      const documents = await inflight.all();
      for (const document of documents) {
        if (document.settled) {
          await conclude(document, 'RECOVERED');
          continue;
        }
        await rearm(document);
      }
      return documents.length;
    },
    rearm: (id) =>
      inLane(id, async () => {
        const document = newest.get(id) ?? (await inflight.get(id));
        if (document && !document.settled) await rearm(document);
      }),
    finish: async (documents) => {
      for (const seen of documents) {
        if (!seen.settled && isTold(seen)) continue;
        const finished = await inLane(seen._id, async () => {
          const document = await inflight.get(seen._id);
          if (!document || (!document.settled && isTold(document))) return null;
          return conclude(document, 'FINISH');
        });
        if (finished) await options.afterCommit(finished);
      }
    },
    sweep: async (documents) => {
      const now = clock.now().toISOString();
      for (const document of documents) {
        if (document.settled || !document.deadlineAt || document.deadlineAt > now) continue;
        const messageId = derivedMessageId(document._id, document.view.state, document.rev, 'deadline');
        // What moved on since it was read has another deadline now.
        await advance(document._id as ExperimentId, { type: 'DEADLINE' }, messageId, null, document.rev);
      }
    },
    underWay: () => inflight.all(),
  };
}
