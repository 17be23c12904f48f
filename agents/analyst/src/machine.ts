import type { TaskOutput } from '@asi/agent-kit';
import { type DataOf, type Envelope, isAsiError } from '@asi/contracts';
import type { ComponentSums } from '@asi/statistics';
import { assign, fromPromise, setup } from 'xstate';
import type { Analysed, PaperHit } from './offline/analyse.ts';

export type AnalyseCommand = { readonly envelope: Envelope; readonly data: DataOf<'analyse'> };
export type Answer =
  | { readonly kind: 'analysed'; readonly analysed: Analysed }
  | { readonly kind: 'failed'; readonly failure: Pick<DataOf<'analysingFailed'>, 'kind' | 'reason'> };

type Context = {
  command: AnalyseCommand;
  statistics: ComponentSums | null;
  hits: readonly PaperHit[];
  answer: Answer | null;
  error: unknown;
};

const notProvided = async (): Promise<never> => {
  throw new Error('not provided');
};

/**
 * One analysis: gather what the tree says within the horizon, look up the literature, think, keep the insight, and only
 * then report, so that whoever hears of the analysis finds its insight. What no second try can change is reported as a failure.
 */
export const analystMachine = setup({
  types: { context: {} as Context, input: {} as { command: AnalyseCommand }, output: {} as TaskOutput },
  actors: {
    gather: fromPromise<ComponentSums, AnalyseCommand>(notProvided),
    consult: fromPromise<readonly PaperHit[], AnalyseCommand>(notProvided),
    think: fromPromise<Analysed, { command: AnalyseCommand; statistics: ComponentSums; hits: readonly PaperHit[] }>(
      notProvided,
    ),
    keep: fromPromise<void, Analysed>(notProvided),
    report: fromPromise<void, { command: AnalyseCommand; answer: Answer }>(notProvided),
  },
  actions: {
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    takeAsAnswer: assign({ answer: (_, params: { error: unknown }) => failureOf(params.error) }),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
  },
}).createMachine({
  id: 'analyst',
  context: ({ input }) => ({ command: input.command, statistics: null, hits: [], answer: null, error: null }),
  initial: 'gathering',
  output: ({ context }): TaskOutput =>
    context.error === null ? { result: 'answered' } : { result: 'released', error: context.error },
  states: {
    gathering: {
      invoke: {
        src: 'gather',
        input: ({ context }) => context.command,
        onDone: { target: 'consulting', actions: assign({ statistics: ({ event }) => event.output }) },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    consulting: {
      invoke: {
        src: 'consult',
        input: ({ context }) => context.command,
        onDone: { target: 'thinking', actions: assign({ hits: ({ event }) => event.output }) },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    thinking: {
      invoke: {
        src: 'think',
        input: ({ context }) => ({
          command: context.command,
          statistics: context.statistics as ComponentSums,
          hits: context.hits,
        }),
        onDone: {
          target: 'keeping',
          actions: assign({ answer: ({ event }): Answer => ({ kind: 'analysed', analysed: event.output }) }),
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
    keeping: {
      invoke: {
        src: 'keep',
        input: ({ context }) => analysedOf(context),
        onDone: { target: 'reporting' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
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

function analysedOf({ answer }: Context): Analysed {
  if (answer?.kind !== 'analysed') throw new Error('kept before it was thought');
  return answer.analysed;
}

function failureOf(error: unknown): Answer {
  const { code, message } = isAsiError(error) ? error : { code: 'unknown', message: String(error) };
  return { kind: 'failed', failure: { kind: 'terminal', reason: { code, message, evidenceHash: null } } };
}
