import type { TaskOutput } from '@asi/agent-kit';
import { isAsiError, messageOf, type Revision } from '@asi/contracts';
import type { FinishedEvent, Program } from '@asi/runner-client';
import { assign, fromPromise, setup } from 'xstate';
import { failedTrainingOf } from './failed-training.ts';
import type { FailedTraining, Mending } from './mind.ts';
import type { ReportWork, TrainCommand, TrainWork, Verdict } from './train-work.ts';

type Context = {
  command: TrainCommand;
  designed: Program | null;
  program: Program | null;
  revisions: Revision[];
  finished: FinishedEvent | null;
  verdict: Verdict | null;
  error: unknown;
};

const notProvided = async (): Promise<never> => {
  throw new Error('not provided');
};

/**
 * One training: fetch the program, have the runner execute it, keep what it produced, report. Whatever goes wrong with
 * the program is a verdict; whatever goes wrong around it releases the command for another try. A program that fails by its
 * own fault may be mended and trained again, as far as the command allows it.
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
    followJob: fromPromise<FinishedEvent, TrainWork>(notProvided),
    keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(notProvided),
    mend: fromPromise<Mending, FailedTraining>(notProvided),
    report: fromPromise<void, ReportWork>(notProvided),
  },
  actions: {
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    takeAsVerdict: assign({ verdict: (_, params: { error: unknown }) => verdictOfError(params.error) }),
    giveUpMending: assign({
      verdict: ({ context }, params: { why: string }) => unmended(context.verdict, params.why),
    }),
    takeRevision: assign(({ context }, { mending }: { mending: Mending }) =>
      mending.kind === 'revised'
        ? {
            program: mending.program,
            revisions: [...context.revisions, mending.revision],
            finished: null,
            verdict: null,
          }
        : {},
    ),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
    mayBeMended: ({ context }, params: { verdict: Verdict }) =>
      failedTrainingOf({ ...context, verdict: params.verdict }) !== null,
    isRevised: (_, params: { mending: Mending }) => params.mending.kind === 'revised',
  },
}).createMachine({
  id: 'engineer',
  context: ({ input }) => ({
    command: input.command,
    designed: null,
    program: null,
    revisions: [],
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
          target: 'training',
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
    training: {
      // What stands in the queue of a runner must not pass for a training.
      initial: 'queued',
      states: {
        queued: { on: { SLOT_TAKEN: 'running' } },
        running: {},
      },
      invoke: {
        src: 'followJob',
        input: ({ context, self }) => ({
          command: context.command,
          program: context.program as Program,
          revisions: context.revisions,
          onSlot: () => self.send({ type: 'SLOT_TAKEN' }),
        }),
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
            actions: assign({ verdict: ({ event }) => event.output }),
          },
          { target: 'reporting', actions: assign({ verdict: ({ event }) => event.output }) },
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
        input: ({ context }) => failedTrainingOf(context) as FailedTraining,
        onDone: [
          {
            guard: { type: 'isRevised', params: ({ event }) => ({ mending: event.output }) },
            target: 'training',
            actions: { type: 'takeRevision', params: ({ event }) => ({ mending: event.output }) },
          },
          {
            target: 'reporting',
            actions: {
              type: 'giveUpMending',
              params: ({ event }) => ({ why: event.output.kind === 'given-up' ? event.output.why : '' }),
            },
          },
        ],
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'giveUpMending', params: ({ event }) => ({ why: messageOf(event.error) }) },
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

/** A terminal error around a program is an answer too: nobody has to wait for the deadline to learn of it. */
function verdictOfError(error: unknown): Verdict {
  const { code, message } = isAsiError(error) ? error : { code: 'unknown', message: String(error) };
  return {
    kind: 'failed',
    failure: { kind: 'terminal', reason: { code, message, evidenceHash: null }, seconds: null },
  };
}

/** The failure as it was, with why it could not be mended. */
function unmended(verdict: Verdict | null, why: string): Verdict | null {
  if (verdict?.kind !== 'failed') return verdict;
  const { kind, reason, seconds } = verdict.failure;
  const message = `${reason.message} The engineer could not mend it: ${why}`;
  return { kind: 'failed', failure: { kind, reason: { ...reason, message }, seconds } };
}
