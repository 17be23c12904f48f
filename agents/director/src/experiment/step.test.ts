import { type Clock, catalogue, experimentIdSchema, schemaOfType } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { describe, expect, it } from 'vitest';
import { referenceFrom } from '../fitness/reference.ts';
import { sampleContext, sampleDesign, sampleMeasurement, sampleProgram, tokenOf } from '../testing/samples.ts';
import { gateToken } from './answers.ts';
import type { ExperimentContext, ExperimentEvent } from './context.ts';
import { recordOf } from './record.ts';
import { contextOf, newDocument, step } from './step.ts';

const clock: Clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };
let messages = 0;

function advance(document: Inflight, event: ExperimentEvent, messageId = `m${messages++}`): Inflight {
  const result = step({ document, event, messageId, cause: null, source: 'director/test', clock });
  if (result.kind !== 'advanced') throw new Error(`${event.type} in ${document.view.state}: ${JSON.stringify(result)}`);
  return result.document;
}
const begun = (change: Partial<ExperimentContext> = {}) =>
  advance(newDocument(sampleContext(change), clock), { type: 'BEGIN' });
const names = (document: Inflight) => document.outbox.map((one) => `${one.kind}.${one.owner}.${one.name}`);
const answer = (document: Inflight, stage: Parameters<typeof tokenOf>[1], attempt = 1) => ({
  token: tokenOf(contextOf(document), stage, attempt),
  messageId: 'x',
});
const designedEvent = (document: Inflight): ExperimentEvent => ({
  type: 'DESIGNED',
  ...answer(document, 'design'),
  design: sampleDesign,
  program: sampleProgram,
});
const lost = (document: Inflight, attempt: number): ExperimentEvent => ({
  type: 'TRAINING_FAILED',
  ...answer(document, 'training', attempt),
  kind: 'retryable',
  reason: { code: 'runner-lost', message: '', evidenceHash: null },
});

const reference = referenceFrom(
  [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
  'y',
);
function material() {
  if (!reference) throw new Error('no reference');
  return {
    reference,
    fitness: { loss: 0.5, benchmark: 0.5, judge: null, merit: 0.5, total: null, suspicious: false },
    parent: sampleContext().parent,
    grandparent: null,
    siblings: [],
  };
}

describe('one step of an experiment', () => {
  it('takes the same message into account once, however often it is delivered', () => {
    const document = begun();
    const event = designedEvent(document);
    const next = advance(document, event, 'same');
    expect(step({ document: next, event, messageId: 'same', cause: null, source: 's', clock })).toEqual({
      kind: 'repeated',
    });
  });

  it('gives the same messages the same ids when it is repeated after a crash, so that the broker can tell duplicates', () => {
    const document = begun();
    const event = designedEvent(document);
    const ids = () => advance(document, event, 'm').outbox.map((one) => one.envelope.id);
    expect(ids()).toEqual(ids());
  });

  it('sends only messages that the contract allows', () => {
    for (const entry of advance(begun(), designedEvent(begun())).outbox) {
      expect(schemaOfType(entry.envelope.type)?.safeParse(entry.envelope.data).success, entry.name).toBe(true);
    }
  });

  it.each([
    ['DESIGN_REJECTED', { code: 'certificate-causality', message: '', evidenceHash: null }, 'rejected'],
    ['DESIGN_FAILED', { code: 'model-refused', message: '', evidenceHash: null }, 'failed'],
  ] as const)(
    'keeps on record what was thrown away before %s: a record without it would say that the search trod no old ground',
    (type, reason, outcome) => {
      const document = begun();
      const thrownAway = { twinsAvoided: 2, certificateFailures: 1 };
      const event = { type, ...answer(document, 'design'), kind: 'terminal', reason } as ExperimentEvent;
      expect(recordOf(advance(document, { ...event, thrownAway } as ExperimentEvent), 'now')).toMatchObject({
        outcome,
        reason,
        thrownAway,
      });
      expect(recordOf(advance(document, event), 'now')).not.toHaveProperty('thrownAway');
    },
  );

  it('is not moved by a worker whose attempt is over', () => {
    const training = advance(begun(), designedEvent(begun()));
    const again = advance(training, lost(training, 1));
    const stale: ExperimentEvent = {
      type: 'TRAINED',
      ...answer(again, 'training', 1),
      measurement: sampleMeasurement(),
    };
    expect(step({ document: again, event: stale, messageId: 'n', cause: null, source: 's', clock })).toEqual({
      kind: 'ignored',
      why: 'stale-attempt',
    });
    expect(
      advance(again, { type: 'TRAINED', ...answer(again, 'training', 2), measurement: sampleMeasurement() }).view.state,
    ).toBe('measured');
  });

  it('tries a training again no more often than allowed where the environment is broken: that is no loss', () => {
    let document = advance(begun(), designedEvent(begun()));
    let tries = 1;
    for (; document.view.state.startsWith('training') && tries < 50; tries++)
      document = advance(document, {
        ...lost(document, tries),
        reason: { code: 'environment', message: '', evidenceHash: null },
      } as ExperimentEvent);
    expect(tries - 1).toBe(3);
  });

  it('tries a lost training again with a new token, and does not hold the loss against the program', () => {
    let document = advance(begun(), designedEvent(begun()));
    for (let attempt = 1; attempt <= 10; attempt++) document = advance(document, lost(document, attempt));
    expect(document.view.state).toBe('training.queued');
    // In the lane of what was begun already, and not behind all that was asked for meanwhile.
    expect(names(document)).toContain('cmd.engineer.train-again');
  });

  it('takes no try from a training for the runners it lost: two Ctrl-C would leave a broken environment a single one', () => {
    const broken = (document: Inflight, attempt: number): ExperimentEvent => ({
      ...(lost(document, attempt) as Extract<ExperimentEvent, { type: 'TRAINING_FAILED' }>),
      reason: { code: 'environment', message: '', evidenceHash: null },
    });
    const ended = ['lost', 'broken', 'lost', 'silent', 'lost', 'broken'].reduce(
      (document, end, index) => {
        expect(document.view.state, `before the end ${index + 1}, ${end}`).toBe('training.queued');
        if (end === 'silent') return advance(document, { type: 'DEADLINE' });
        return advance(document, (end === 'lost' ? lost : broken)(document, index + 1));
      },
      advance(begun(), designedEvent(begun())),
    );
    expect(ended.view.state).toBe('failed');
  });

  it('takes a loss for a failed try once too many were lost: a program that kills its runner would be trained for ever', () => {
    let document = advance(begun(), designedEvent(begun()));
    let jobs = 0;
    while (!document.settled && jobs < 50) document = advance(document, lost(document, ++jobs));
    expect(jobs).toBe(20 + contextOf(document).terms.limits.attempts);
  });

  it('records why a program failed', () => {
    const training = advance(begun(), designedEvent(begun()));
    const failed = advance(training, {
      type: 'TRAINING_FAILED',
      ...answer(training, 'training'),
      kind: 'terminal',
      reason: { code: 'diverged', message: 'loss is NaN', evidenceHash: null },
    });
    expect(recordOf(failed, 't')).toMatchObject({
      outcome: 'failed',
      reason: { code: 'diverged' },
      design: sampleDesign,
    });
  });

  it('shows the judge every relative that the design could know, each once and the parent apart', () => {
    const parent = sampleContext().parent;
    if (!parent) throw new Error('the sample has a parent');
    const called = (name: string) => ({ ...parent, experimentId: experimentIdSchema.parse(name), name });
    const references = [called('c001-0002'), called('c001-0003'), parent];
    let document = advance(begun({ references }), designedEvent(begun()));
    document = advance(document, { type: 'TRAINING_STARTED', ...answer(document, 'training') });
    document = advance(document, {
      type: 'TRAINED',
      ...answer(document, 'training'),
      measurement: sampleMeasurement(),
    });
    const family = { grandparent: called('c001-0001'), siblings: [called('c001-0003')] };
    document = advance(document, { type: 'REFERENCE_READY', material: { ...material(), ...family } });
    const asked = document.outbox.find(({ owner }) => owner === 'judge')?.envelope.data;
    const { relatives } = catalogue.judge.data.parse(asked);
    expect(relatives.map(({ name }) => name).sort()).toEqual(['c001-0001', 'c001-0002', 'c001-0003']);
    expect(relatives[0]?.components).toEqual(parent.components);
  });

  it('passes a whole life, with the composite fitness at its end', () => {
    let document = advance(begun(), designedEvent(begun()));
    document = advance(document, { type: 'TRAINING_STARTED', ...answer(document, 'training') });
    document = advance(document, {
      type: 'TRAINED',
      ...answer(document, 'training'),
      measurement: sampleMeasurement(),
    });
    document = advance(document, { type: 'REFERENCE_READY', material: material() });
    expect(names(document)).toEqual(expect.arrayContaining(['cmd.judge.judge', 'cmd.analyst.analyse']));
    document = advance(document, {
      type: 'ANALYSED',
      ...answer(document, 'analysing'),
      analysis: { comparisons: [], predictionHeld: 'held', text: 't', insightIds: [], citations: [], author: 'a' },
    });
    document = advance(document, {
      type: 'JUDGED',
      ...answer(document, 'judging'),
      judgement: { criteria: {}, weights: {}, total: 5.5, reason: '', author: 'j' },
    });
    const record = recordOf(document, 't');
    expect(record.outcome).toBe('completed');
    expect(record.fitness?.judge).toBeCloseTo(0.5);
    expect(record.fitness?.total).toBeCloseTo(
      ((record.fitness?.loss ?? 0) + (record.fitness?.benchmark ?? 0) + 0.5) / 3,
    );
    expect(names(document)).toContain('evt.director.settled');
  });

  it('ends an experiment whose message no broker would take, before it is stored: published again at every start, it would let no director start', () => {
    const motivation = 'm'.repeat(520_000);
    const { parent } = sampleContext();
    if (!parent) throw new Error('the sample has a parent');
    const event = { ...designedEvent(begun()), design: { ...sampleDesign, motivation } } as ExperimentEvent;
    let document = advance(begun({ parent: { ...parent, motivation } }), event);
    expect(document.view.state).toBe('training.queued');
    const measurement = sampleMeasurement();
    document = advance(document, { type: 'TRAINED', ...answer(document, 'training'), measurement });
    document = advance(document, {
      type: 'REFERENCE_READY',
      material: { ...material(), parent: { ...parent, motivation } },
    });
    expect(document.settled).toBe(true);
    expect(names(document)).toContain('evt.director.settled');
    expect(JSON.stringify(document.outbox).length).toBeLessThan(100_000);
    expect(recordOf(document, 't').reason).toMatchObject({ code: 'message-too-large' });
  });

  it('judges baselines but neither designs nor analyses them', () => {
    let document = begun({ kind: 'baseline', baseline: 'delta-net', ordinal: null, parent: null });
    expect(document.view.state).toBe('training.queued');
    document = advance(document, {
      type: 'TRAINED',
      ...answer(document, 'training'),
      measurement: sampleMeasurement(),
    });
    document = advance(document, { type: 'REFERENCE_READY', material: { ...material(), parent: null } });
    expect(names(document)).not.toContain('cmd.analyst.analyse');
    document = advance(document, {
      type: 'JUDGED',
      ...answer(document, 'judging'),
      judgement: { criteria: {}, weights: {}, total: 5, reason: '', author: 'j' },
    });
    expect(document.settled).toBe(true);
  });

  describe('with gates', () => {
    const gate = (role: string, onSilence: 'allow' | 'veto') => ({
      role,
      stage: 'designed' as const,
      deadlineSeconds: 10,
      onSilence,
    });
    const gated = (...gates: ReturnType<typeof gate>[]) => begun({ terms: { ...sampleContext().terms, gates } });
    const verdict = (document: Inflight, what: 'allow' | 'veto'): ExperimentEvent => ({
      type: 'GATE_ANSWERED',
      token: gateToken(contextOf(document), 'designed'),
      messageId: 'x',
      verdict: what,
      role: 'critic',
      why: 'seen before',
    });

    it('asks each gate in turn, and trains only when all allow', () => {
      let document = advance(gated(gate('critic', 'veto'), gate('safety', 'veto')), designedEvent(begun()));
      expect(names(document)).toContain('cmd.critic.gate');
      document = advance(document, verdict(document, 'allow'));
      expect(names(document)).toContain('cmd.safety.gate');
      document = advance(document, verdict(document, 'allow'));
      expect(names(document)).toContain('cmd.engineer.train');
    });

    it('rejects on a veto, with the role and its words as the reason', () => {
      const asked = advance(gated(gate('critic', 'allow')), designedEvent(begun()));
      expect(recordOf(advance(asked, verdict(asked, 'veto')), 't').reason).toMatchObject({
        code: 'vetoed',
        message: 'critic: seen before',
      });
    });

    it('takes silence as the campaign says', () => {
      const state = (onSilence: 'allow' | 'veto') =>
        advance(advance(gated(gate('critic', onSilence)), designedEvent(begun())), { type: 'DEADLINE' }).view.state;
      expect([state('allow'), state('veto')]).toEqual(['training.queued', 'rejected']);
    });

    it('says which of several gates was silent, not only that one was', () => {
      let document = advance(gated(gate('critic', 'veto'), gate('safety', 'veto')), designedEvent(begun()));
      document = advance(document, verdict(document, 'allow'));
      const { reason } = recordOf(advance(document, { type: 'DEADLINE' }), 't');
      expect(reason).toMatchObject({ code: 'gate-silent', message: expect.stringMatching(/^safety .* 10 s/) });
    });

    it('keeps the evidence of a veto beside its reason', () => {
      const asked = advance(gated(gate('critic', 'allow')), designedEvent(begun()));
      const vetoed = advance(asked, { ...verdict(asked, 'veto'), evidenceHash: sampleDesign.programHash } as never);
      expect(recordOf(vetoed, 't').reason?.evidenceHash).toBe(sampleDesign.programHash);
    });
  });

  it('gives up on a stage after the allowed attempts, with a reason that says which', () => {
    let document = begun();
    for (let attempt = 1; attempt < 3; attempt++) document = advance(document, { type: 'DEADLINE' });
    expect(document.view.state).toBe('designing');
    expect(recordOf(advance(document, { type: 'DEADLINE' }), 't').reason?.code).toBe('design-timeout');
  });

  it('stops the running job when it is cancelled', () => {
    const training = advance(begun(), designedEvent(begun()));
    const cancelled = advance(training, { type: 'CANCEL', why: 'by a person' });
    expect(names(cancelled)).toEqual(expect.arrayContaining(['cmd.engineer.cancel', 'evt.director.settled']));
    expect(catalogue.cancelTraining.name).toBe('cancel');
  });
});
