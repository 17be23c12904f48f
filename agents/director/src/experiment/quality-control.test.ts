import { type Clock, campaignSettingsSchema, catalogue } from '@asi/contracts';
import { expect, it } from 'vitest';
import { sampleContext } from '../testing/samples.ts';
import { newDocument, step } from './step.ts';

const clock: Clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };

function trainCommand(limits: object) {
  const terms = { ...campaignSettingsSchema.parse({ limits }), evaluationSeed: 'e' };
  const baseline = { kind: 'baseline', baseline: 'mamba2', parent: null, ordinal: null } as const;
  const document = newDocument(sampleContext({ ...baseline, terms }), clock);
  const event = { type: 'BEGIN' } as const;
  const result = step({ document, event, messageId: 'm', cause: null, source: 'director/test', clock });
  if (result.kind !== 'advanced') throw new Error(`BEGIN is ${result.kind}`);
  const found = result.document.outbox.find(({ envelope }) => envelope.type === catalogue.train.type);
  return catalogue.train.data.parse(found?.envelope.data);
}

it('a campaign whose stops are only reported has every training run to its end, and no other campaign has', () => {
  expect(trainCommand({ qualityControl: 'report' }).reportStops).toBe(true);
  expect(Object.keys(trainCommand({}))).not.toContain('reportStops');
});
