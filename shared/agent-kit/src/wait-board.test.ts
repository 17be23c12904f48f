import { expect, test } from 'vitest';
import { createWaitBoard } from './wait-board.ts';

test('an endpoint that several ask of one process is one wait, the longest: who looks would count it twice', () => {
  const board = createWaitBoard();
  const wait = (endpoint: string, since: string) => ({ endpoint, reason: 'r', since });
  board.watch(() => [wait('a:1', '2026-01-15T09:00:05.000Z')]);
  board.watch(() => [wait('a:1', '2026-01-15T09:00:01.000Z'), wait('b:2', '2026-01-15T09:00:03.000Z')]);
  expect(board.list()).toEqual(
    expect.arrayContaining([wait('a:1', '2026-01-15T09:00:01.000Z'), wait('b:2', '2026-01-15T09:00:03.000Z')]),
  );
  expect(board.list()).toHaveLength(2);
});
