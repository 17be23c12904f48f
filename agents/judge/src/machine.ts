import type { TaskOutput } from '@asi/agent-kit';
import { type DataOf, type Envelope, isAsiError, type Judgement } from '@asi/contracts';
import { assign, fromPromise, setup } from 'xstate';

export type JudgeCommand = { readonly envelope: Envelope; readonly data: DataOf<'judge'> };
export type Answer =
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  | { readonly kind: 'failed'; readonly failure: Pick<DataOf<'judgingFailed'>, 'kind' | 'reason'> };

type Context = { command: JudgeCommand; answer: Answer | null; error: unknown };

const notProvided = async (): Promise<never> => {
  throw new Error('not provided');
};

/** One judgement: weigh by the rubric, report. What no second try can change is reported as a failure. */
export const judgeMachine = setup({
  types: { context: {} as Context, input: {} as { command: JudgeCommand }, output: {} as TaskOutput },
  actors: {
    weigh: fromPromise<Judgement, JudgeCommand>(notProvided),
    report: fromPromise<void, { command: JudgeCommand; answer: Answer }>(notProvided),
  },
  actions: {
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    takeAsAnswer: assign({ answer: (_, params: { error: unknown }) => failureOf(params.error) }),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
  },
}).createMachine({
  id: 'judge',
  context: ({ input }) => ({ command: input.command, answer: null, error: null }),
  initial: 'weighing',
  output: ({ context }): TaskOutput =>
    context.error === null ? { result: 'answered' } : { result: 'released', error: context.error },
  states: {
    weighing: {
      invoke: {
        src: 'weigh',
        input: ({ context }) => context.command,
        onDone: {
          target: 'reporting',
          actions: assign({ answer: ({ event }): Answer => ({ kind: 'judged', judgement: event.output }) }),
        },
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'reporting',
            actions: { type: 'takeAsAnswer', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    reporting: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({ command: context.command, answer: context.answer as Answer }),
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

function failureOf(error: unknown): Answer {
  const { code, message } = isAsiError(error) ? error : { code: 'unknown', message: String(error) };
  return { kind: 'failed', failure: { kind: 'terminal', reason: { code, message, evidenceHash: null } } };
}
