import { expect, test } from 'vitest';
import { prose } from './prose.ts';

const problemsOf = (text: string, limits = {}): string[] =>
  prose(limits)
    .safeParse(text)
    .error?.issues.map(({ message }) => message) ?? [];

test('an answer in another script is asked for again in English, with whatever formulas it holds', () => {
  for (const text of [
    '门控状态在长序列上遗忘得太快。',
    'Ворота слишком быстро забывают.',
    '게이트가 너무 빨리 닫힌다 (beta)',
  ])
    expect(problemsOf(text)).toEqual(['must be written in English']);
  for (const text of ['The gate β·σ(Wx) forgets too fast, as in 门控.', '0.7 ± 0.1', 'naïve Übergang'])
    expect(problemsOf(text)).toEqual([]);
});

test('an answer in another language of the same letters is asked for again as well', () => {
  expect(problemsOf('Dies ist ein guter Entwurf mit einem Tor, das die alten Werte vergisst.')).toEqual([
    'must be written in English',
  ]);
});

test('a text that is empty, too short or too long is told by how much', () => {
  expect(problemsOf('  ')).toEqual(['at least 1 characters are needed']);
  expect(problemsOf('short', { least: 20 })).toEqual(['at least 20 characters are needed']);
  expect(problemsOf('long enough', { most: 5 })).toEqual(['at most 5 characters']);
});
