import type { TaskOutput } from '@asi/agent-kit';
import { isAsiError, messageOf, type Revision } from '@asi/contracts';
import type { FinishedEvent, Program } from '@asi/runner-client';
import { assign, fromPromise, setup } from 'xstate';
import { failedTrainingOf, isTriedFirst, type Seen } from './failed-training.ts';
import type { FirstSteps } from './first-steps/first-steps.ts';
import type { FailedTraining, Mending } from './mind.ts';
import type { FollowedWork, ReportWork, TrainCommand, TrainWork, Verdict } from './train-work.ts';

type Context = {
  command: TrainCommand;
  designed: Program | null;
  program: Program | null;
  revisions: Revision[];
  /** What a mind may mend: of the first steps, or of a training. */
  seen: Seen | null;
  givenUp: string | null;
  finished: FinishedEvent | null;
  verdict: Verdict | null;
  error: unknown;
};

const notProvided = async (): Promise<never> => {
  throw new Error('not provided');
};

/**
 * One training: fetch the program, have the runner execute it, keep what it produced, report. Whatever goes wrong with
 * the program is a verdict; whatever goes wrong around it releases the command for another try. Where the command allows it,
 * the first steps of a training are tried before it, and a program that fails by its own fault, in these or in training, may be
 * mended and goes on from there.
 *
 * E1: first steps are no verdict: a program with a fault that nobody mends is trained as it is.
 * E2: a mind that has given a program up is not asked about it again.
 */
export const engineerMachine = setup({
  types: {
    context: {} as Context,
    events: {} as { type: 'SLOT_TAKEN' },
    input: {} as { command: TrainCommand },
    output: {} as TaskOutput,
  },
  actors: {
    fetchProgram: fromPromise<Program, TrainCommand>(notProvided),
    tryFirstSteps: fromPromise<FirstSteps, TrainWork>(notProvided),
    followJob: fromPromise<FinishedEvent, FollowedWork>(notProvided),
    keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(notProvided),
    mend: fromPromise<Mending, FailedTraining>(notProvided),
    report: fromPromise<void, ReportWork>(notProvided),
  },
  actions: {
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    takeAsVerdict: assign({ verdict: (_, params: { error: unknown }) => verdictOfError(params.error) }),
    takeFault: assign({ seen: (_, { tried }: { tried: FirstSteps }) => seenOf(tried) }),
    takeEnd: assign(({ context: { finished, givenUp } }, { verdict }: { verdict: Verdict }) => ({
      verdict: givenUp === null ? verdict : unmended(verdict, givenUp),
      seen: seenInTraining(finished, verdict),
    })),
    giveUp: assign({
      givenUp: (_, params: { why: string }) => params.why,
      verdict: ({ context }, params: { why: string }) => unmended(context.verdict, params.why),
    }),
    takeRevision: assign(({ context }, { mending }: { mending: Mending }) =>
      mending.kind === 'revised'
        ? {
            program: mending.program,
            revisions: [...context.revisions, mending.revision],
            seen: null,
            finished: null,
            verdict: null,
          }
        : {},
    ),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
    isTriedFirst: ({ context }) => isTriedFirst(context),
    isFaulty: ({ context }, { tried }: { tried: FirstSteps }) => failedTrainingOf(context, seenOf(tried)) !== null,
    mayBeMended: ({ context }, { verdict }: { verdict: Verdict }) =>
      failedTrainingOf(context, seenInTraining(context.finished, verdict)) !== null,
    isRevised: (_, params: { mending: Mending }) => params.mending.kind === 'revised',
    isUntrained: ({ context }) => context.seen?.found === 'in-first-steps',
    isTerminalAndUntrained: ({ context }, params: { error: unknown }) =>
      context.seen?.found === 'in-first-steps' && isAsiError(params.error) && params.error.kind === 'terminal',
  },
}).createMachine({
  id: 'engineer',
  context: ({ input }) => ({
    command: input.command,
    designed: null,
    program: null,
    revisions: [],
    seen: null,
    givenUp: null,
    finished: null,
    verdict: null,
    error: null,
  }),
  initial: 'fetching',
  output: ({ context }): TaskOutput =>
    context.error === null ? { result: 'answered' } : { result: 'released', error: context.error },
  states: {
    fetching: {
      invoke: {
        src: 'fetchProgram',
        input: ({ context }) => context.command,
        onDone: {
          target: 'readying',
          actions: assign({ program: ({ event }) => event.output, designed: ({ event }) => event.output }),
        },
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'takeAsVerdict', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    readying: { always: [{ guard: 'isTriedFirst', target: 'trying' }, { target: 'training' }] },
    trying: {
      invoke: {
        src: 'tryFirstSteps',
        input: ({ context }) => workOf(context),
        onDone: [
          {
            guard: { type: 'isFaulty', params: ({ event }) => ({ tried: event.output }) },
            target: 'mending',
            actions: { type: 'takeFault', params: ({ event }) => ({ tried: event.output }) },
          },
          { target: 'training' },
        ],
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'takeAsVerdict', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    training: {
      // What stands in the queue of a runner must not pass for a training.
      initial: 'queued',
      states: {
        queued: { on: { SLOT_TAKEN: 'running' } },
        running: {},
      },
      invoke: {
        src: 'followJob',
        input: ({ context, self }) => ({ ...workOf(context), onSlot: () => self.send({ type: 'SLOT_TAKEN' }) }),
        onDone: { target: 'keeping', actions: assign({ finished: ({ event }) => event.output }) },
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'takeAsVerdict', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    keeping: {
      invoke: {
        src: 'keepResult',
        input: ({ context }) => ({ command: context.command, finished: context.finished as FinishedEvent }),
        onDone: [
          {
            guard: { type: 'mayBeMended', params: ({ event }) => ({ verdict: event.output }) },
            target: 'mending',
            actions: { type: 'takeEnd', params: ({ event }) => ({ verdict: event.output }) },
          },
          {
            target: 'reporting',
            actions: { type: 'takeEnd', params: ({ event }) => ({ verdict: event.output }) },
          },
        ],
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'takeAsVerdict', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    mending: {
      invoke: {
        src: 'mend',
        input: ({ context }) => failedTrainingOf(context, context.seen) as FailedTraining,
        onDone: [
          {
            guard: { type: 'isRevised', params: ({ event }) => ({ mending: event.output }) },
            target: 'readying',
            actions: { type: 'takeRevision', params: ({ event }) => ({ mending: event.output }) },
          },
          {
            guard: 'isUntrained',
            target: 'training',
            actions: { type: 'giveUp', params: ({ event }) => ({ why: whyOf(event.output) }) },
          },
          {
            target: 'reporting',
            actions: { type: 'giveUp', params: ({ event }) => ({ why: whyOf(event.output) }) },
          },
        ],
        onError: [
          {
            guard: { type: 'isTerminalAndUntrained', params: ({ event }) => ({ error: event.error }) },
            target: 'training',
            actions: { type: 'giveUp', params: ({ event }) => ({ why: messageOf(event.error) }) },
          },
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'giveUp', params: ({ event }) => ({ why: messageOf(event.error) }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    reporting: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({
          command: context.command,
          verdict: context.verdict as Verdict,
          revisions: context.revisions,
        }),
        onDone: { target: 'answered' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    answered: { type: 'final' },
    released: { type: 'final' },
  },
});

const workOf = ({ command, program, revisions }: Context): TrainWork => ({
  command,
  program: program as Program,
  revisions,
});

const seenOf = (tried: FirstSteps): Seen | null =>
  tried.kind === 'sound' ? null : { found: 'in-first-steps', outcome: tried.outcome, cause: tried.cause };

const seenInTraining = (finished: FinishedEvent | null, verdict: Verdict): Seen | null =>
  finished && verdict.kind === 'failed'
    ? { found: 'in-training', outcome: finished.outcome, cause: verdict.failure.reason }
    : null;

const whyOf = (mending: Mending): string => (mending.kind === 'given-up' ? mending.why : '');

/** A terminal error around a program is an answer too: nobody has to wait for the deadline to learn of it. */
function verdictOfError(error: unknown): Verdict {
  const { code, message } = isAsiError(error) ? error : { code: 'unknown', message: String(error) };
  return {
    kind: 'failed',
    failure: { kind: 'terminal', reason: { code, message, evidenceHash: null }, seconds: null },
  };
}

/** The failure as it was, with why it could not be mended. */
function unmended<Known extends Verdict | null>(verdict: Known, why: string): Known | Verdict {
  if (verdict?.kind !== 'failed') return verdict;
  const { kind, reason, seconds } = verdict.failure;
  const message = `${reason.message} The engineer could not mend it: ${why}`;
  return { kind: 'failed', failure: { kind, reason: { ...reason, message }, seconds } };
}
