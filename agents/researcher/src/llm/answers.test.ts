import { expect, test } from 'vitest';
import { designAnswerSchema, repairAnswerSchema } from './answers.ts';

const code = 'class Mixer(nn.Module):\n    pass\n';
const design = {
  name: 'reflecting-delta',
  motivation: 'The state flips its sign where the input says so, which parity needs.',
  prediction: { direction: 'better', size: 0.1, mechanism: 'reflection', confidence: 0.5 },
  components: ['write=delta-2'],
  citations: [],
  code,
};
const long = 'word '.repeat(100_000);

test.each([
  ['motivation', { ...design, motivation: long }],
  ['prediction', { ...design, prediction: { ...design.prediction, mechanism: long } }],
  ['citations', { ...design, citations: [{ kind: 'paper', id: '2411.12537', why: long }] }],
  ['components', { ...design, components: Array.from({ length: 500 }, (_, i) => `part=p${i}`) }],
])('an endless answer is sent back, for it would travel in every message of its descendants: %s', (field, answer) => {
  expect(designAnswerSchema.safeParse(design).success).toBe(true);
  const read = designAnswerSchema.safeParse(answer);
  expect(read.error?.issues.map(({ path }) => path[0])).toEqual([field]);
});

test('an endless diagnosis is sent back too: it becomes a remark of the record', () => {
  expect(repairAnswerSchema.safeParse({ diagnosis: long, components: [], code }).success).toBe(false);
});
