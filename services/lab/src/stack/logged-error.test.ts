import { expect, test } from 'vitest';
import { errorOf } from './logged-error.ts';

test.each([
  ['pino', { level: 60, msg: 'could not start', err: 'NATS_URL is not set' }, 'could not start: NATS_URL is not set'],
  ['pino with a serialized error', { level: 50, msg: 'lost', err: { type: 'Error', message: 'gone' } }, 'lost: gone'],
  ['slog', { level: 'error', msg: 'no disk space left', code: 'no-space' }, 'no disk space left'],
  ['an uncaught exception of Node', { level: 40, stream: 'stderr', msg: 'Error [ERR_X]: bad' }, 'Error [ERR_X]: bad'],
  ['an uncaught exception of Python', { level: 40, stream: 'stderr', msg: 'ValueError: bad' }, 'ValueError: bad'],
])('the error in a line of %s is found', (_, line, message) => {
  expect(errorOf(line)?.message).toBe(message);
});

test.each([[{ level: 30, msg: 'ready' }], [{ level: 40, stream: 'stderr', msg: '    at main.ts:3' }], [{ level: 50 }]])(
  '%j is no error',
  (line) => {
    expect(errorOf(line)).toBeNull();
  },
);
