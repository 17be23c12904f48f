import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

const { partsOfName, shortName } = await pageModule<{
  partsOfName(name: string): [string, string];
  shortName(name: string, most: number): string;
}>('parts/cut-name.mjs');

test('a name that is cut keeps the end by which it is told apart from others of the same parts', () => {
  expect(partsOfName('state-space-gated-decay-multi-head-9ef8')).toEqual([
    'state-space-gated-decay-multi-head',
    '-9ef8',
  ]);
  expect(partsOfName('vector-gated-router-15')).toEqual(['vector-gated-router', '-15']);
  expect(shortName('state-space-gated-decay-multi-head-9ef8', 21)).toBe('state-space-gat…-9ef8');
  expect(shortName('a-name-without-anything-special-at-its-end', 21)).toBe('a-name-without-anyth…');
});

test('a short name, and one that is nothing but an end, stay as they are', () => {
  expect([shortName('delta-net', 21), shortName('two-scales-9ef8', 21)]).toEqual(['delta-net', 'two-scales-9ef8']);
  expect([partsOfName('delta-net'), partsOfName('-9ef8')]).toEqual([
    ['delta-net', ''],
    ['-9ef8', ''],
  ]);
});
