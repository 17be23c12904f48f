import { expect, test } from 'vitest';
import { widthOf } from './text-width.ts';
import { wrap, wrapLines } from './wrap.ts';

const text = 'asi run continues c001; asi run --new leaves it and starts another that begins from what it learnt';

test('no word is broken by the edge of the terminal, and nothing is lost', () => {
  for (let width = 24; width <= 130; width++) {
    const lines = wrap(text, width, 'go on       ');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(lines[0]?.startsWith('go on       asi run')).toBe(true);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {12}\S/);
    expect(lines.map((line) => line.slice(12)).join(' ')).toBe(text);
  }
});

test('a path that is longer than the terminal stays one word, so that it can be copied', () => {
  const path = '/home/somebody/a-folder-with-a-long-name/.asi/reports/c001/report.html';
  expect(wrap(path, 30, 'report      ')).toEqual([`report      ${path}`]);
  expect(wrap(`see ${path} there`, 30)).toEqual(['see', path, 'there']);
});

test('sentences under a table are broken, and the table and colours are not', () => {
  const dim = `\u001b[2m${text}\u001b[22m`;
  const lines = wrapLines(['a   b     c', dim], 40);
  expect(lines[0]).toBe('a   b     c');
  expect(
    lines
      .slice(1)
      .map(widthOf)
      .every((width) => width <= 40),
  ).toBe(true);
  expect(lines.slice(1).join(' ')).toBe(dim);
});
