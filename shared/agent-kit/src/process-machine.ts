import { assign, fromPromise, setup } from 'xstate';

export type ProcessEvent = { type: 'STOP' } | { type: 'TASK_STARTED' } | { type: 'TASK_ENDED'; failed: boolean };

type ProcessContext = { active: number; handled: number; failed: number; fault: string | null };

/**
 * The life of every process of the house. `booting` connects and announces; `ready` is `idle` or `working`; `draining`
 * takes nothing new and lets what is under way end; a process that cannot boot is `faulted` and exits with an error.
 */
export const processMachine = setup({
  types: { context: {} as ProcessContext, events: {} as ProcessEvent },
  actors: {
    boot: fromPromise<void>(async () => {}),
    drain: fromPromise<void>(async () => {}),
  },
  actions: {
    countStart: assign({ active: ({ context }) => context.active + 1 }),
    countEnd: assign({
      active: ({ context }) => context.active - 1,
      handled: ({ context }) => context.handled + 1,
      failed: ({ context, event }) => context.failed + (event.type === 'TASK_ENDED' && event.failed ? 1 : 0),
    }),
    rememberFault: assign({
      fault: (_, params: { error: unknown }) =>
        params.error instanceof Error ? params.error.message : String(params.error),
    }),
  },
  guards: {
    hasTasks: ({ context }) => context.active > 0,
    isLastTask: ({ context }) => context.active <= 1,
  },
}).createMachine({
  id: 'process',
  initial: 'booting',
  context: { active: 0, handled: 0, failed: 0, fault: null },
  states: {
    booting: {
      invoke: {
        src: 'boot',
        onDone: { target: 'ready' },
        onError: {
          target: 'faulted',
          actions: { type: 'rememberFault', params: ({ event }) => ({ error: event.error }) },
        },
      },
      // The first consumer of a process brings work while the next one is being made.
      on: {
        STOP: { target: 'stopped' },
        TASK_STARTED: { actions: 'countStart' },
        TASK_ENDED: { actions: 'countEnd' },
      },
    },
    ready: {
      initial: 'idle',
      states: {
        idle: {
          always: { guard: 'hasTasks', target: 'working' },
          on: { TASK_STARTED: { target: 'working', actions: 'countStart' } },
        },
        working: {
          on: {
            TASK_STARTED: { actions: 'countStart' },
            TASK_ENDED: [{ guard: 'isLastTask', target: 'idle', actions: 'countEnd' }, { actions: 'countEnd' }],
          },
        },
      },
      on: { STOP: { target: 'draining' } },
    },
    draining: {
      invoke: { src: 'drain', onDone: { target: 'stopped' }, onError: { target: 'stopped' } },
      on: { TASK_STARTED: { actions: 'countStart' }, TASK_ENDED: { actions: 'countEnd' } },
    },
    stopped: { type: 'final' },
    faulted: { type: 'final' },
  },
});
