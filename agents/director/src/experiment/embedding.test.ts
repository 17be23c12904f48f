import { type Clock, campaignSettingsSchema, catalogue } from '@asi/contracts';
import { expect, it } from 'vitest';
import { sampleContext } from '../testing/samples.ts';
import type { ExperimentContext } from './context.ts';
import { newDocument, step } from './step.ts';

const clock: Clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };

function designCommand(terms: ExperimentContext['terms']) {
  const document = newDocument(sampleContext({ terms }), clock);
  const result = step({
    document,
    event: { type: 'BEGIN' },
    messageId: 'm',
    cause: null,
    source: 'director/test',
    clock,
  });
  if (result.kind !== 'advanced') throw new Error(`BEGIN is ${result.kind}`);
  const found = result.document.outbox.find(({ envelope }) => envelope.type === catalogue.design.type);
  return found?.envelope.data as Record<string, unknown>;
}
const settings = (researcher: 'llm' | 'offline', models: object) => ({
  ...campaignSettingsSchema.parse({ minds: { researcher }, models }),
  evaluationSeed: 'e',
});
const embedding = { model: 'vectors', dimensions: 256 };

it('a researcher that thinks with a model is told which one makes vectors, and one that does not is not', () => {
  expect(designCommand(settings('llm', { embedding })).embedding).toMatchObject({ ...embedding, retries: 5 });
  expect(Object.keys(designCommand(settings('offline', { embedding })))).not.toContain('embedding');
  expect(Object.keys(designCommand(settings('llm', {})))).not.toContain('embedding');
});

it('an experiment that was sampled before there were vectors is designed without', () => {
  const { models, ...terms } = settings('llm', {});
  const { embedding: _, ...older } = models;
  expect(Object.keys(designCommand({ ...terms, models: older as typeof models }))).not.toContain('embedding');
  expect(Object.keys(designCommand(terms))).not.toContain('embedding');
});
