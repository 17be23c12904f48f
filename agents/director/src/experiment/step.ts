import { describeState } from '@asi/agent-kit';
import { type Clock, catalogue, type Envelope, type ExperimentOutcome, isAsiError, terminal } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { createActor, type SnapshotFrom, transition } from 'xstate';
import { gatesAt } from './answers.ts';
import type { ExperimentContext, ExperimentEvent } from './context.ts';
import { type DeadlineClass, secondsFor } from './deadlines.ts';
import { experimentMachine, experimentMachineVersion } from './machine.ts';
import { entryOf, type Occasion, outboxOf } from './messages.ts';
import { migrated } from './migrations.ts';

type Snapshot = SnapshotFrom<typeof experimentMachine>;

export const machineName = 'experiment';
const inboxLength = 64;

export type StepInput = {
  readonly document: Inflight;
  readonly event: ExperimentEvent;
  readonly messageId: string;
  readonly cause: Envelope | null;
  readonly source: string;
  readonly clock: Clock;
};

export type StepResult =
  /** The next document, to be committed on condition that the revision is still the one that was read. */
  | { readonly kind: 'advanced'; readonly document: Inflight }
  /** The message was taken into account before: only what it caused may have to be published again. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'ignored'; readonly why: 'stale-attempt' | 'not-expected-in-this-state' };

/** A new experiment in its first state, before its first event. */
export function newDocument(context: ExperimentContext, clock: Clock): Inflight {
  const snapshot = createActor(experimentMachine, { input: context }).getSnapshot();
  return documentOf({ _id: context.experimentId, rev: 0, inbox: [], outbox: [] }, snapshot, clock, null);
}

/**
 * The pure decision: what one event does to one experiment. Reads nothing, writes nothing. An experiment whose next
 * message no broker would take ends with that: stored, it would be published again for ever.
 */
export function step(input: StepInput): StepResult {
  try {
    return decide(input);
  } catch (error) {
    if (!isAsiError(error) || error.code !== 'message-too-large') throw error;
    return decide({ ...input, event: { type: 'CANCEL', code: error.code, why: error.message } });
  }
}

function decide({ document, event, messageId, cause, source, clock }: StepInput): StepResult {
  if (document.inbox.includes(messageId)) return { kind: 'repeated' };
  const current = restore(document);
  if (!current.can(event)) {
    return {
      kind: 'ignored',
      why: awaitsAnotherAttempt(current, event) ? 'stale-attempt' : 'not-expected-in-this-state',
    };
  }
  const [next, actions] = transition(experimentMachine, current, event);
  const revision = document.rev + 1;
  const occasion: Occasion = { context: next.context, outcome: outcomeOf(next), revision, source, clock, cause };
  const outbox = outboxOf(actions, occasion);
  const audit = entryOf(
    {
      definition: catalogue.transition,
      data: {
        experimentId: next.context.experimentId,
        revision,
        from: current.value,
        event: event.type,
        to: next.value,
      },
    },
    occasion,
    outbox.length,
  );
  return {
    kind: 'advanced',
    document: documentOf(
      {
        _id: document._id,
        rev: revision,
        inbox: [...document.inbox, messageId].slice(-inboxLength),
        outbox: [audit, ...outbox],
      },
      next,
      clock,
      document.view.measuredAt ?? null,
    ),
  };
}

export function restore(document: Inflight): Snapshot {
  const { snapshot } = migrated(document);
  return createActor(experimentMachine, { snapshot: snapshot as never, input: undefined as never }).getSnapshot();
}

export const contextOf = (document: Inflight): ExperimentContext =>
  (document.snapshot as { context: ExperimentContext }).context;

export function outcomeOf(snapshot: Pick<Snapshot, 'status' | 'value'>): ExperimentOutcome | null {
  return snapshot.status === 'done' ? (snapshot.value as ExperimentOutcome) : null;
}

/** How long the present state may last from `now`; null when it is final. */
export function deadlineOf(snapshot: Snapshot, now: Date): string | null {
  if (snapshot.status === 'done') return null;
  const classes = Object.values(snapshot.getMeta()).flatMap((meta) => {
    const declared = (meta as { deadline?: DeadlineClass } | undefined)?.deadline;
    return declared ? [declared] : [];
  });
  const { context } = snapshot;
  const gate = gatesAt(context, snapshot.value === 'designGate' ? 'designed' : 'assessed')[context.gateIndex];
  const seconds = classes.map((one) => secondsFor(one, context.terms, gate?.deadlineSeconds));
  if (seconds.length === 0) throw terminal('bug', `state ${describeState(snapshot.value)} has no deadline`);
  return new Date(now.getTime() + Math.min(...seconds) * 1000).toISOString();
}

function documentOf(
  base: Pick<Inflight, '_id' | 'rev' | 'inbox' | 'outbox'>,
  snapshot: Snapshot,
  clock: Clock,
  measuredAt: string | null,
): Inflight {
  const { context } = snapshot;
  const now = clock.now();
  return {
    ...base,
    machine: machineName,
    version: experimentMachineVersion,
    snapshot: JSON.parse(
      JSON.stringify({
        status: snapshot.status,
        value: snapshot.value,
        context,
        historyValue: {},
        children: {},
        output: undefined,
        error: undefined,
      }),
    ),
    deadlineAt: deadlineOf(snapshot, now),
    settled: snapshot.status === 'done',
    view: {
      campaignId: context.campaignId,
      kind: context.kind,
      ordinal: context.ordinal,
      arm: context.arm ?? null,
      name: context.name,
      state: describeState(snapshot.value),
      since: now.toISOString(),
      attempt: Math.max(...Object.values(context.attempts), 1),
      parentId: context.parent?.experimentId ?? null,
      sampledAt: context.sampledAt,
      measuredAt: measuredAt ?? (context.measurement ? now.toISOString() : null),
      design: context.design,
      measurement: context.measurement,
    },
  };
}

/** An answer that the present state waits for, but of an older attempt. */
function awaitsAnotherAttempt(snapshot: Snapshot, event: ExperimentEvent): boolean {
  return 'token' in event && snapshot._nodes.some((node) => node.ownEvents.includes(event.type as never));
}
