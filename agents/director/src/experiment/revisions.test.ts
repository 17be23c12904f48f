import { asRevised, type Clock, campaignSettingsSchema, catalogue, type DataOf } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { describe, expect, it } from 'vitest';
import {
  sampleContext,
  sampleDesign,
  sampleMeasurement,
  sampleProgram,
  sampleRevision,
  tokenOf,
} from '../testing/samples.ts';
import type { ExperimentContext, ExperimentEvent } from './context.ts';
import { recordOf } from './record.ts';
import { contextOf, newDocument, step } from './step.ts';

let now = new Date('2026-01-01T00:00:00.000Z');
const clock: Clock = { now: () => now };
const later = (seconds: number) => (now = new Date(now.getTime() + seconds * 1000));

function advance(document: Inflight, event: ExperimentEvent): Inflight {
  const messageId = `m${document.rev}`;
  const result = step({ document, event, messageId, cause: null, source: 'director/test', clock });
  if (result.kind !== 'advanced') throw new Error(`${event.type} in ${document.view.state}: ${JSON.stringify(result)}`);
  return result.document;
}

const mindful = {
  ...campaignSettingsSchema.parse({ minds: { engineer: 'llm' }, limits: { revisions: 3 } }),
  evaluationSeed: 'e',
};

function training(change: Partial<ExperimentContext> = {}): Inflight {
  const context = sampleContext(change);
  const begun = advance(newDocument(context, clock), { type: 'BEGIN' });
  if (context.kind !== 'candidate') return begun;
  const token = tokenOf(context, 'design');
  return advance(begun, { type: 'DESIGNED', token, messageId: 'd', design: sampleDesign, program: sampleProgram });
}
const answer = (document: Inflight) => ({ token: tokenOf(contextOf(document), 'training'), messageId: 'x' });

function commandIn(document: Inflight): DataOf<'train'> {
  const found = document.outbox.find(({ envelope }) => envelope.type === catalogue.train.type);
  if (!found) throw new Error('nothing was asked of the engineer');
  return catalogue.train.data.parse(found.envelope.data);
}

describe('an experiment whose program the engineer changed', () => {
  it('goes on with the program that was measured: children and confirmations would else build on what crashed', () => {
    const document = training({ terms: mindful });
    const measured = advance(document, {
      type: 'TRAINED',
      ...answer(document),
      measurement: sampleMeasurement(),
      revisions: [{ ...sampleRevision, programHash: sampleDesign.programHash }, sampleRevision],
    });
    const { program, design, revisions } = contextOf(measured);
    expect(program).toEqual({ kind: 'source', hash: sampleRevision.programHash, origin: 'foreign' });
    expect(design).toEqual({
      ...sampleDesign,
      programHash: sampleRevision.programHash,
      certificateHash: sampleRevision.certificateHash,
      parameters: sampleRevision.parameters,
      flopsPerToken: sampleRevision.flopsPerToken,
    });
    expect(revisions).toHaveLength(2);
    expect(measured.view.design).toEqual(design);
  });

  it('is flagged as the program that was measured is, and not as the one that crashed', () => {
    const flagged = { ...sampleDesign, flags: ['state hygiene'] };
    const context = { ...contextOf(training({ terms: mindful })), design: flagged };
    const flagsAfter = (flags?: string[]) =>
      asRevised(context, [flags ? { ...sampleRevision, flags } : sampleRevision]).design?.flags;
    expect(flagsAfter(['hidden tables'])).toEqual(['hidden tables']);
    expect(flagsAfter([])).toEqual([]);
    // As an engineer of an older version reports it: what holds of the changed program is not known.
    expect(flagsAfter()).toBeUndefined();
    expect(asRevised(context, [])).toEqual({});
  });

  it('keeps the program of its design and tells what was tried, when no revision could be measured', () => {
    const document = training({ terms: mindful });
    const reason = { code: 'crashed', message: 'twice', evidenceHash: null };
    const revisions = [sampleRevision];
    const failed = advance(document, {
      type: 'TRAINING_FAILED',
      ...answer(document),
      kind: 'terminal',
      reason,
      revisions,
    });
    expect(recordOf(failed, clock.now().toISOString())).toMatchObject({
      outcome: 'failed',
      program: sampleProgram,
      design: { programHash: sampleDesign.programHash },
      revisions,
    });
  });

  it('has no word of revisions in its record when there were none, as ever', () => {
    const document = training();
    const reason = { code: 'crashed', message: 'once', evidenceHash: null };
    const event = { type: 'TRAINING_FAILED' as const, kind: 'terminal' as const, reason, revisions: [] };
    const failed = advance(document, { ...event, ...answer(document) });
    expect(recordOf(failed, clock.now().toISOString())).not.toHaveProperty('revisions');
  });

  it('gets the time of a training again for each program that is begun', () => {
    const document = training({ terms: mindful });
    const started = advance(document, { type: 'TRAINING_STARTED', ...answer(document) });
    later(600);
    const again = advance(started, { type: 'TRAINING_STARTED', ...answer(started) });
    expect(Date.parse(String(again.deadlineAt)) - Date.parse(String(started.deadlineAt))).toBe(600_000);
    expect(contextOf(again).attempts.training).toBe(1);
  });
});

describe('the command to train', () => {
  it('allows changes of a design where the engineer has a mind of its own', () => {
    // The horizon: a revision is compared with what engineers made of designs whose results it may know.
    expect(commandIn(training({ terms: mindful, horizon: 3 })).mending).toEqual({
      revisions: 3,
      parameterRatio: mindful.limits.parameterRatio,
      campaignNumber: 1,
      ordinal: 1,
      arm: null,
      horizon: 3,
      probeBeforeTraining: true,
    });
  });

  it('has no first steps tried in an experiment of a version that knew of none: its replay has no record of them', () => {
    const { probeBeforeTraining: _, ...older } = mindful.limits;
    expect(commandIn(training({ terms: { ...mindful, limits: older } })).mending?.probeBeforeTraining).toBe(false);
  });

  it('forbids them for a confirmation, which is about the stored program, for a baseline, and for an offline mind', () => {
    const stored = { kind: 'confirmation', program: sampleProgram, ordinal: null, terms: mindful } as const;
    const baseline = { kind: 'baseline', baseline: 'delta-net', ordinal: null, terms: mindful } as const;
    expect(commandIn(training(stored)).mending).toBeNull();
    expect(commandIn(training(baseline)).mending).toBeNull();
    expect(commandIn(training()).mending).toBeNull();
  });
});
