import { catalogue, type DataOf, derivedMessageId, languageModelSchema } from '@asi/contracts';
import type { z } from 'zod';
import type { DesignCommand } from '../machine.ts';

const entry = catalogue.design.data.shape.parent;

/** An earlier design as the director tells of it: DeltaNet, not yet measured, unless told otherwise. */
export const history = (overrides: Partial<z.input<typeof entry>> = {}) =>
  entry.parse({
    experimentId: 'c001-b01',
    name: 'delta-net',
    baseline: 'delta-net',
    programHash: null,
    genomeHash: null,
    components: ['decay=none', 'write=delta'],
    motivation: '',
    merit: null,
    fitness: null,
    languageModelLoss: null,
    battery: null,
    ...overrides,
  });

/** Of a campaign whose baselines are measured. */
export const meritScale = {
  baseline: { name: 'delta-net', languageModelLoss: 2, battery: 0.6 },
  band: { loss: 0.2, battery: 0.2 },
  noise: 0.05,
  degreesOfFreedom: 8,
};

/** The command to make design c001-0007 with the mind `llm`. */
export function designCommand(overrides: Partial<z.input<typeof catalogue.design.data>> = {}): DesignCommand {
  const data: DataOf<'design'> = catalogue.design.data.parse({
    campaignId: 'c001',
    experimentId: 'c001-0007',
    attempt: 1,
    token: 'token-0007',
    campaignNumber: 1,
    ordinal: 7,
    horizon: 4,
    seed: '1/1/7',
    mind: 'llm',
    model: languageModelSchema.parse({ model: 'a-model' }),
    parent: history(),
    references: [],
    learnFromInsights: 'yes',
    suite: 'cpu-smoke',
    yardstick: 'y',
    parameterRatio: 1.5,
    draws: 4,
    wallSeconds: 60,
    memoryBytes: 6e9,
    ...overrides,
  });
  return {
    data,
    envelope: {
      specversion: '1.0',
      id: derivedMessageId('test', data.experimentId),
      source: 'test/1',
      type: catalogue.design.type,
      subject: data.experimentId,
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      correlationid: data.experimentId,
      traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`,
      data,
    },
  };
}
