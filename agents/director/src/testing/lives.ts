import { gateToken } from '../experiment/answers.ts';
import type { ExperimentContext, ExperimentEvent } from '../experiment/context.ts';
import { referenceFrom } from '../fitness/reference.ts';
import { sampleContext, sampleDesign, sampleMeasurement, sampleProgram, sampleRevision, tokenOf } from './samples.ts';

/** A life is told event by event, each made from the context at that moment. */
export type Life = {
  readonly name: string;
  readonly context: ExperimentContext;
  readonly events: ReadonlyArray<(context: ExperimentContext) => ExperimentEvent>;
};

const messageId = 'recorded';
const begin = (): ExperimentEvent => ({ type: 'BEGIN' });
const designed = (context: ExperimentContext): ExperimentEvent => ({
  type: 'DESIGNED',
  token: tokenOf(context, 'design', context.attempts.design),
  messageId,
  design: sampleDesign,
  program: sampleProgram,
});
const started = (context: ExperimentContext): ExperimentEvent => ({
  type: 'TRAINING_STARTED',
  token: tokenOf(context, 'training', context.attempts.training),
  messageId,
});
const trained = (context: ExperimentContext): ExperimentEvent => ({
  type: 'TRAINED',
  token: tokenOf(context, 'training', context.attempts.training),
  messageId,
  measurement: sampleMeasurement(),
});
const mended = (context: ExperimentContext): ExperimentEvent => ({
  type: 'TRAINED',
  token: tokenOf(context, 'training', context.attempts.training),
  messageId,
  measurement: sampleMeasurement(),
  revisions: [sampleRevision],
});
const trainingFailed =
  (kind: 'terminal' | 'retryable', code: string) =>
  (context: ExperimentContext): ExperimentEvent => ({
    type: 'TRAINING_FAILED',
    token: tokenOf(context, 'training', context.attempts.training),
    messageId,
    kind,
    reason: { code, message: code, evidenceHash: null },
  });
const judged = (context: ExperimentContext): ExperimentEvent => ({
  type: 'JUDGED',
  token: tokenOf(context, 'judging', context.attempts.judging),
  messageId,
  judgement: { criteria: { performance: 6 }, weights: { performance: 1 }, total: 6, reason: 'r', author: 'judge' },
});
const analysed = (context: ExperimentContext): ExperimentEvent => ({
  type: 'ANALYSED',
  token: tokenOf(context, 'analysing', context.attempts.analysing),
  messageId,
  analysis: {
    comparisons: [],
    predictionHeld: 'undecided',
    text: 't',
    insightIds: [],
    citations: [],
    author: 'analyst',
  },
});
const referenceReady = (context: ExperimentContext): ExperimentEvent => {
  const reference = referenceFrom(
    [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
    'y',
  );
  if (!reference) throw new Error('two runs make a reference');
  return {
    type: 'REFERENCE_READY',
    material: {
      reference,
      fitness: { loss: 0.5, benchmark: 0.5, judge: null, merit: 0.5, total: null, suspicious: false },
      parent: context.parent,
      grandparent: null,
      siblings: [],
    },
  };
};
const verdict =
  (what: 'allow' | 'veto', stage: 'designed' | 'assessed') =>
  (context: ExperimentContext): ExperimentEvent => ({
    type: 'GATE_ANSWERED',
    token: gateToken(context, stage),
    messageId,
    verdict: what,
    role: 'critic',
    why: 'w',
  });
const deadline = (): ExperimentEvent => ({ type: 'DEADLINE' });
const cancel = (): ExperimentEvent => ({ type: 'CANCEL', why: 'by a person' });

const gated = (stage: 'designed' | 'assessed') =>
  sampleContext({
    terms: { ...sampleContext().terms, gates: [{ role: 'critic', stage, deadlineSeconds: 10, onSilence: 'veto' }] },
  });

/** Lives that together pass every state of the machine. */
export const lives: readonly Life[] = [
  {
    name: 'completed',
    context: sampleContext(),
    events: [begin, designed, started, trained, referenceReady, analysed, judged],
  },
  {
    name: 'baseline',
    context: sampleContext({ kind: 'baseline', baseline: 'delta-net', ordinal: null, parent: null }),
    events: [begin, started, trained, referenceReady, judged],
  },
  {
    name: 'confirmation',
    context: sampleContext({ kind: 'confirmation', program: sampleProgram, ordinal: null, parent: null, seed: 101 }),
    events: [begin, started, trained],
  },
  {
    name: 'lost-and-tried-again',
    context: sampleContext(),
    events: [
      begin,
      designed,
      started,
      trainingFailed('retryable', 'runner-lost'),
      started,
      trained,
      referenceReady,
      judged,
      analysed,
    ],
  },
  {
    name: 'diverged',
    context: sampleContext(),
    events: [begin, designed, started, trainingFailed('terminal', 'diverged')],
  },
  {
    name: 'mended-by-the-engineer',
    context: sampleContext(),
    events: [begin, designed, started, started, mended, referenceReady, analysed, judged],
  },
  { name: 'design-timeout', context: sampleContext(), events: [begin, deadline, deadline, deadline] },
  {
    name: 'vetoed-before-training',
    context: gated('designed'),
    events: [begin, designed, verdict('veto', 'designed')],
  },
  {
    name: 'allowed-after-assessment',
    context: gated('assessed'),
    events: [begin, designed, started, trained, referenceReady, analysed, judged, verdict('allow', 'assessed')],
  },
  { name: 'cancelled-while-training', context: sampleContext(), events: [begin, designed, started, cancel] },
];
