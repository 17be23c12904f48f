import type { TaskOutput } from '@asi/agent-kit';
import { type DataOf, type Envelope, isAsiError, type Measurement } from '@asi/contracts';
import type { FinishedEvent, Program } from '@asi/runner-client';
import { assign, fromPromise, setup } from 'xstate';

export type TrainCommand = { readonly envelope: Envelope; readonly data: DataOf<'train'> };
export type Verdict =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly failure: Pick<DataOf<'trainingFailed'>, 'kind' | 'reason' | 'seconds'> };

type Context = {
  command: TrainCommand;
  program: Program | null;
  finished: FinishedEvent | null;
  verdict: Verdict | null;
  error: unknown;
};

/**
 * One training: fetch the program, have the runner execute it, keep what it produced, report. Whatever goes wrong with
 * the program is a verdict; whatever goes wrong around it releases the command for another try.
 */
export const engineerMachine = setup({
  types: { context: {} as Context, input: {} as { command: TrainCommand }, output: {} as TaskOutput },
  actors: {
    fetchProgram: fromPromise<Program, TrainCommand>(async () => {
      throw new Error('not provided');
    }),
    followJob: fromPromise<FinishedEvent, { command: TrainCommand; program: Program }>(async () => {
      throw new Error('not provided');
    }),
    keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(async () => {
      throw new Error('not provided');
    }),
    report: fromPromise<void, { command: TrainCommand; verdict: Verdict }>(async () => {
      throw new Error('not provided');
    }),
  },
  actions: {
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    takeAsVerdict: assign({ verdict: (_, params: { error: unknown }) => verdictOfError(params.error) }),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
  },
}).createMachine({
  id: 'engineer',
  context: ({ input }) => ({ command: input.command, program: null, finished: null, verdict: null, error: null }),
  initial: 'fetching',
  output: ({ context }): TaskOutput =>
    context.error === null ? { result: 'answered' } : { result: 'released', error: context.error },
  states: {
    fetching: {
      invoke: {
        src: 'fetchProgram',
        input: ({ context }) => context.command,
        onDone: { target: 'training', actions: assign({ program: ({ event }) => event.output }) },
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
      invoke: {
        src: 'followJob',
        input: ({ context }) => ({ command: context.command, program: context.program as Program }),
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
        onDone: { target: 'reporting', actions: assign({ verdict: ({ event }) => event.output }) },
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
    reporting: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({ command: context.command, verdict: context.verdict as Verdict }),
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
