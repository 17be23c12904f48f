import { expect, test } from 'vitest';
import { fitName } from './fit-name.ts';
import { textTable } from './text-table.ts';

test('two designs of the same parts are not shown under one name where the terminal is narrow', () => {
  const names = ['state-space-gated-decay-multi-head-9ef8', 'state-space-gated-decay-multi-head-4c51'];
  expect(names.map((name) => fitName(name, 20))).toEqual(['state-space-ga…-9ef8', 'state-space-ga…-4c51']);
  const columns = [{ title: 'name', shortest: 12, cut: fitName }];
  const [, ...rows] = textTable(
    columns,
    names.map((name) => [name]),
    16,
  );
  expect(rows).toEqual(['state-spac…-9ef8', 'state-spac…-4c51']);
});

test('a name that fits, has no such end, or has no room for it is cut as any text', () => {
  expect(fitName('delta-net-9ef8', 14)).toBe('delta-net-9ef8');
  expect(fitName('a-name-without-anything-special', 10)).toBe('a-name-wi…');
  expect(fitName('delta-net-9ef8', 7)).toBe('delta-…');
});
