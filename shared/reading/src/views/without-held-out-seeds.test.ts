import { expect, test } from 'vitest';
import { viewJson } from '../open-reading.ts';
import { withoutHeldOutSeeds } from './without-held-out-seeds.ts';

const secret = 'of-the-laboratory';
const hash = 'sha256:96a217211535';

test('a dead letter tells no seed of held-out data either, nor does one that is cut off', () => {
  const original = JSON.stringify({ data: { evaluationSeed: secret, seed: 1 } });
  const shown = withoutHeldOutSeeds({ code: 'bug', original, cut: original.slice(0, -9) });
  expect(JSON.stringify(shown)).not.toContain(secret);
  expect(shown).toMatchObject({ code: 'bug', original: JSON.stringify({ data: { evaluationSeed: hash, seed: 1 } }) });
});

test('all else is shown as it is', () => {
  const data = {
    settings: { evaluationSeed: null, seed: 3 },
    list: [1, { text: 'the evaluationSeed is a secret' }, null],
  };
  expect(withoutHeldOutSeeds(data)).toEqual(data);
  expect(withoutHeldOutSeeds([{ drawnEvaluationSeed: secret }])).toEqual([{ drawnEvaluationSeed: hash }]);
});

test('nothing that is shown as JSON tells a seed, whoever forgets to take it out before', () => {
  const shown = viewJson({ envelope: { data: { evaluationSeed: secret, loss: Number.NaN } } });
  expect(JSON.parse(shown)).toEqual({ envelope: { data: { evaluationSeed: hash, loss: 'NaN' } } });
});
