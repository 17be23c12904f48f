import { asRevised } from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import { assign, setup } from 'xstate';
import { type GateStage, gatesAt, isCurrent, verdictOf } from './answers.ts';
import type { ExperimentContext, ExperimentEvent, Stage } from './context.ts';
import { reasonOf, silenceOf, vetoOf } from './reasons.ts';
import { hasTriesLeft, mayRetry, wasLost } from './retries.ts';

/** Raise it whenever a state, an event or a field of the context changes meaning; see migrations.ts. */
export const experimentMachineVersion = 1;

/**
 * The life of one experiment. It is never "running" in memory: each message advances it by one pure transition, and the
 * result is stored before anything else happens. Actions other than assignments only name the messages to send.
 *
 * I1: every state that is not final has `meta.deadline`. I2: every final state has a reason, or a complete result.
 * I3: an answer counts only with the token of the current attempt.
 */
export const experimentMachine = setup({
  types: {
    context: {} as ExperimentContext,
    events: {} as ExperimentEvent,
    input: {} as ExperimentContext,
  },
  actions: {
    requestDesign: () => {},
    requestTraining: () => {},
    cancelTraining: () => {},
    requestJudgement: () => {},
    requestAnalysis: () => {},
    askGate: (_, _params: { stage: GateStage }) => {},
    announceSettled: () => {},
    countAttempt: assign({
      attempts: ({ context }, params: { stage: Stage }) => ({
        ...context.attempts,
        [params.stage]: context.attempts[params.stage] + 1,
      }),
    }),
    countLoss: assign({ losses: ({ context }) => context.losses + 1 }),
    keepDesign: assign(({ event }) =>
      event.type === 'DESIGNED' ? { design: event.design, program: event.program, name: event.design.name } : {},
    ),
    keepMeasurement: assign(({ context, event }) =>
      event.type === 'TRAINED' ? { measurement: event.measurement, ...asRevised(context, event.revisions ?? []) } : {},
    ),
    keepRevisions: assign(({ event }) =>
      event.type === 'TRAINING_FAILED' && event.revisions?.length ? { revisions: event.revisions } : {},
    ),
    keepMaterial: assign(({ event }) =>
      event.type === 'REFERENCE_READY' ? { assessment: event.material, fitness: event.material.fitness } : {},
    ),
    keepJudgement: assign(({ event }) => (event.type === 'JUDGED' ? { judgement: event.judgement } : {})),
    keepAnalysis: assign(({ event }) => (event.type === 'ANALYSED' ? { analysis: event.analysis } : {})),
    keepReason: assign(({ event }) =>
      'reason' in event
        ? {
            reason: event.reason,
            ...('thrownAway' in event && event.thrownAway ? { thrownAway: event.thrownAway } : {}),
          }
        : {},
    ),
    keepCancellation: assign(({ event }) =>
      event.type === 'CANCEL'
        ? { reason: { code: event.code ?? 'cancelled', message: event.why, evidenceHash: null } }
        : {},
    ),
    keepVeto: assign(({ event }) => (event.type === 'GATE_ANSWERED' ? { reason: vetoOf(event) } : {})),
    giveReason: assign({
      reason: (_, params: { code: string; message: string }) => reasonOf(params.code, params.message),
    }),
    keepSilence: assign({
      reason: ({ context }, { stage }: { stage: GateStage }) => silenceOf(gatesAt(context, stage)[context.gateIndex]),
    }),
    nextGate: assign({ gateIndex: ({ context }) => context.gateIndex + 1 }),
    firstGate: assign({ gateIndex: 0 }),
    computeFitness: assign(({ context }) =>
      context.measurement && context.assessment
        ? {
            fitness: fitnessOf(
              context.measurement,
              context.assessment.reference,
              context.judgement,
              context.terms.objective,
            ),
          }
        : {},
    ),
  },
  guards: {
    isBaseline: ({ context }) => context.kind === 'baseline',
    hasProgram: ({ context }) => context.kind !== 'candidate',
    isWholeWhenTrained: ({ context, event }) =>
      context.kind === 'confirmation' && isCurrent(context, event, 'training'),
    isCurrent: ({ context, event }, params: { stage: Stage }) => isCurrent(context, event, params.stage),
    mayRetry: ({ context, event }, params: { stage: Stage }) => mayRetry(context, event, params.stage),
    wasLost: ({ context, event }) => wasLost(context, event),
    hasAttemptsLeft: ({ context }, params: { stage: Stage }) => hasTriesLeft(context, params.stage),
    hasGate: ({ context }, params: { stage: GateStage }) => context.gateIndex < gatesAt(context, params.stage).length,
    isAllowed: ({ context, event }, params: { stage: GateStage }) =>
      verdictOf(context, event, params.stage) === 'allow',
    isVetoed: ({ context, event }, params: { stage: GateStage }) => verdictOf(context, event, params.stage) === 'veto',
    silenceAllows: ({ context }, params: { stage: GateStage }) =>
      gatesAt(context, params.stage)[context.gateIndex]?.onSilence === 'allow',
  },
}).createMachine({
  id: 'experiment',
  initial: 'sampled',
  context: ({ input }) => input,
  on: { CANCEL: { target: '.cancelled', actions: 'keepCancellation' } },
  states: {
    sampled: {
      meta: { deadline: 'soon' },
      on: { BEGIN: [{ guard: 'hasProgram', target: 'training' }, { target: 'designing' }] },
    },
    designing: {
      meta: { deadline: 'design' },
      entry: [{ type: 'countAttempt', params: { stage: 'design' } }, 'requestDesign'],
      on: {
        DESIGNED: {
          guard: { type: 'isCurrent', params: { stage: 'design' } },
          target: 'designed',
          actions: ['keepDesign', 'firstGate'],
        },
        DESIGN_REJECTED: {
          guard: { type: 'isCurrent', params: { stage: 'design' } },
          target: 'rejected',
          actions: 'keepReason',
        },
        DESIGN_FAILED: [
          {
            guard: { type: 'mayRetry', params: { stage: 'design' } },
            target: 'designing',
            reenter: true,
          },
          { guard: { type: 'isCurrent', params: { stage: 'design' } }, target: 'failed', actions: 'keepReason' },
        ],
        DEADLINE: [
          { guard: { type: 'hasAttemptsLeft', params: { stage: 'design' } }, target: 'designing', reenter: true },
          {
            target: 'failed',
            actions: {
              type: 'giveReason',
              params: { code: 'design-timeout', message: 'no researcher finished the design in time' },
            },
          },
        ],
      },
    },
    designed: {
      meta: { deadline: 'soon' },
      always: [
        { guard: { type: 'hasGate', params: { stage: 'designed' } }, target: 'designGate' },
        { target: 'training' },
      ],
    },
    designGate: {
      meta: { deadline: 'gate' },
      entry: { type: 'askGate', params: { stage: 'designed' } },
      on: {
        GATE_ANSWERED: [
          {
            guard: { type: 'isAllowed', params: { stage: 'designed' } },
            target: 'designed',
            actions: 'nextGate',
          },
          {
            guard: { type: 'isVetoed', params: { stage: 'designed' } },
            target: 'rejected',
            actions: 'keepVeto',
          },
        ],
        DEADLINE: [
          { guard: { type: 'silenceAllows', params: { stage: 'designed' } }, target: 'designed', actions: 'nextGate' },
          {
            target: 'rejected',
            actions: { type: 'keepSilence', params: { stage: 'designed' } },
          },
        ],
      },
    },
    training: {
      initial: 'queued',
      entry: [{ type: 'countAttempt', params: { stage: 'training' } }, 'requestTraining'],
      states: {
        queued: {
          meta: { deadline: 'queue' },
          on: { TRAINING_STARTED: { guard: { type: 'isCurrent', params: { stage: 'training' } }, target: 'running' } },
        },
        running: {
          meta: { deadline: 'training' },
          on: {
            // A revised program begins: as many times as there may be revisions, it gets the time of a training again.
            TRAINING_STARTED: {
              guard: { type: 'isCurrent', params: { stage: 'training' } },
              target: 'running',
              reenter: true,
            },
          },
        },
      },
      on: {
        TRAINED: [
          { guard: 'isWholeWhenTrained', target: 'completed', actions: 'keepMeasurement' },
          {
            guard: { type: 'isCurrent', params: { stage: 'training' } },
            target: 'measured',
            actions: 'keepMeasurement',
          },
        ],
        TRAINING_FAILED: [
          {
            guard: 'wasLost',
            target: 'training',
            reenter: true,
            actions: 'countLoss',
          },
          { guard: { type: 'mayRetry', params: { stage: 'training' } }, target: 'training', reenter: true },
          {
            guard: { type: 'isCurrent', params: { stage: 'training' } },
            target: 'failed',
            actions: ['keepReason', 'keepRevisions'],
          },
        ],
        DEADLINE: [
          {
            guard: { type: 'hasAttemptsLeft', params: { stage: 'training' } },
            target: 'training',
            reenter: true,
            actions: 'cancelTraining',
          },
          {
            target: 'failed',
            actions: [
              'cancelTraining',
              {
                type: 'giveReason',
                params: { code: 'training-timeout', message: 'no runner finished the training in time' },
              },
            ],
          },
        ],
        CANCEL: { target: 'cancelled', actions: ['cancelTraining', 'keepCancellation'] },
      },
    },
    measured: {
      meta: { deadline: 'queue' },
      on: {
        REFERENCE_READY: { target: 'assessing', actions: 'keepMaterial' },
        DEADLINE: {
          target: 'failed',
          actions: {
            type: 'giveReason',
            params: { code: 'no-reference', message: 'the baselines of the campaign were not measured in time' },
          },
        },
      },
    },
    assessing: {
      type: 'parallel',
      states: {
        judging: {
          initial: 'waiting',
          states: {
            waiting: {
              meta: { deadline: 'assess' },
              entry: [{ type: 'countAttempt', params: { stage: 'judging' } }, 'requestJudgement'],
              on: {
                JUDGED: {
                  guard: { type: 'isCurrent', params: { stage: 'judging' } },
                  target: 'done',
                  actions: 'keepJudgement',
                },
                JUDGING_FAILED: [
                  {
                    guard: { type: 'mayRetry', params: { stage: 'judging' } },
                    target: 'waiting',
                    reenter: true,
                  },
                  {
                    guard: { type: 'isCurrent', params: { stage: 'judging' } },
                    target: '#experiment.failed',
                    actions: 'keepReason',
                  },
                ],
                DEADLINE: [
                  {
                    guard: { type: 'hasAttemptsLeft', params: { stage: 'judging' } },
                    target: 'waiting',
                    reenter: true,
                  },
                  {
                    target: '#experiment.failed',
                    actions: {
                      type: 'giveReason',
                      params: { code: 'judging-timeout', message: 'no judge answered in time' },
                    },
                  },
                ],
              },
            },
            done: { type: 'final' },
          },
        },
        analysing: {
          initial: 'deciding',
          states: {
            deciding: {
              meta: { deadline: 'soon' },
              always: [{ guard: 'isBaseline', target: 'done' }, { target: 'waiting' }],
            },
            waiting: {
              meta: { deadline: 'assess' },
              entry: [{ type: 'countAttempt', params: { stage: 'analysing' } }, 'requestAnalysis'],
              on: {
                ANALYSED: {
                  guard: { type: 'isCurrent', params: { stage: 'analysing' } },
                  target: 'done',
                  actions: 'keepAnalysis',
                },
                ANALYSING_FAILED: [
                  {
                    guard: { type: 'mayRetry', params: { stage: 'analysing' } },
                    target: 'waiting',
                    reenter: true,
                  },
                  {
                    guard: { type: 'isCurrent', params: { stage: 'analysing' } },
                    target: '#experiment.failed',
                    actions: 'keepReason',
                  },
                ],
                DEADLINE: [
                  {
                    guard: { type: 'hasAttemptsLeft', params: { stage: 'analysing' } },
                    target: 'waiting',
                    reenter: true,
                  },
                  {
                    target: '#experiment.failed',
                    actions: {
                      type: 'giveReason',
                      params: { code: 'analysing-timeout', message: 'no analyst answered in time' },
                    },
                  },
                ],
              },
            },
            done: { type: 'final' },
          },
        },
      },
      onDone: { target: 'assessed', actions: ['computeFitness', 'firstGate'] },
    },
    assessed: {
      meta: { deadline: 'soon' },
      always: [
        { guard: { type: 'hasGate', params: { stage: 'assessed' } }, target: 'resultGate' },
        { target: 'completed' },
      ],
    },
    resultGate: {
      meta: { deadline: 'gate' },
      entry: { type: 'askGate', params: { stage: 'assessed' } },
      on: {
        GATE_ANSWERED: [
          {
            guard: { type: 'isAllowed', params: { stage: 'assessed' } },
            target: 'assessed',
            actions: 'nextGate',
          },
          {
            guard: { type: 'isVetoed', params: { stage: 'assessed' } },
            target: 'rejected',
            actions: 'keepVeto',
          },
        ],
        DEADLINE: [
          { guard: { type: 'silenceAllows', params: { stage: 'assessed' } }, target: 'assessed', actions: 'nextGate' },
          {
            target: 'rejected',
            actions: { type: 'keepSilence', params: { stage: 'assessed' } },
          },
        ],
      },
    },
    completed: { type: 'final', entry: 'announceSettled' },
    rejected: { type: 'final', entry: 'announceSettled' },
    failed: { type: 'final', entry: 'announceSettled' },
    cancelled: { type: 'final', entry: 'announceSettled' },
  },
});
