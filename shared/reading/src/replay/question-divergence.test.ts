import { expect, test } from 'vitest';
import { lineDivergence } from './question-divergence.ts';

const prompt = (lines: readonly string[], model = 'one', promptVersion = 'v1') => ({
  promptVersion,
  body: JSON.stringify({
    model,
    messages: [
      { role: 'system', content: 'Design.' },
      { role: 'user', content: lines.join('\n') },
    ],
  }),
});

test('the first line that differs is named, against the recorded question that begins most like it', () => {
  const recorded = [prompt(['other']), prompt(['parent a', 'merit 0.5', 'end'])];
  expect(lineDivergence(prompt(['parent a', 'merit 0.6', 'end']), recorded)).toEqual({
    line: 3,
    recorded: 'merit 0.5',
    replayed: 'merit 0.6',
  });
});

test('where data differ, the data are named and not the marks around them, which follow from them', () => {
  const asked = (mark: string, text: string) => prompt([`<<<DATA ${mark} motivation`, text, `DATA ${mark}>>>`]);
  expect(lineDivergence(asked('a'.repeat(24), 'other'), [asked('b'.repeat(24), 'words')])).toEqual({
    line: 3,
    recorded: 'words',
    replayed: 'other',
  });
});

test('a question that goes on where the recorded one ends is told from one that ends before', () => {
  const short = prompt(['parent a']);
  const long = prompt(['parent a', 'more']);
  expect(lineDivergence(long, [short])).toEqual({ line: 3, recorded: null, replayed: 'more' });
  expect(lineDivergence(short, [long])).toEqual({ line: 3, recorded: 'more', replayed: null });
});

test('equal words with another model are a difference of the settings, and a question of a new kind has no counterpart', () => {
  expect(lineDivergence(prompt(['a'], 'two'), [prompt(['a'])])).toEqual({
    line: 0,
    recorded: '{"model":"one","promptVersion":"v1"}',
    replayed: '{"model":"two","promptVersion":"v1"}',
  });
  // An empty line more in the file of a prompt changes no word of it.
  expect(lineDivergence(prompt(['a'], 'one', 'v2'), [prompt(['a'])])).toMatchObject({
    line: 0,
    replayed: '{"model":"one","promptVersion":"v2"}',
  });
  expect(lineDivergence(prompt(['a']), [])).toEqual({ line: 1, recorded: null, replayed: 'system: Design.' });
});

test('of a question for a vector the line of its text is named', () => {
  const embedding = (input: string) => ({
    promptVersion: 'none',
    body: JSON.stringify({ model: 'vectors', parameters: { dimensions: null }, input }),
  });
  expect(lineDivergence(embedding('a-name\nother words'), [embedding('a-name\nthe words')])).toEqual({
    line: 2,
    recorded: 'the words',
    replayed: 'other words',
  });
});
