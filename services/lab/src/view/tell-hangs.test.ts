import { expect, test } from 'vitest';
import { noSignOfLife, type ProcessState } from '../stack/process-state.ts';
import { tellHangs } from './tell-hangs.ts';

const state = (name: string, end: { at: string; code: string | null } | null): ProcessState => ({
  name,
  state: 'running',
  since: '2026-01-15T09:00:00.000Z',
  pid: 7,
  startTime: '1',
  restarts: end ? 1 : 0,
  lastExit: end ? { at: end.at, code: null, signal: 'SIGKILL' } : null,
  lastError: end ? { code: end.code, message: 'no sign of life for 60 s: killed' } : null,
  retryAt: null,
  url: null,
});

function told(...before: ProcessState[]) {
  const written: string[] = [];
  const look = tellHangs({ error: { write: (text: string) => written.push(text) } as never }, before);
  return (...states: ProcessState[]) => {
    look(states);
    return written.splice(0).join('');
  };
}

const [first, second] = ['2026-01-15T09:01:00.000Z', '2026-01-15T09:05:00.000Z'];

test('a process that hung is told each time once, and not what ended in another way: a minute without a line looks like a hang of all', () => {
  const at = told();
  expect(at(state('judge', null), state('engineer', null))).toBe('');
  const hung = state('engineer', { at: first, code: noSignOfLife });
  expect(at(state('judge', { at: first, code: null }), hung)).toBe(
    'asi: engineer hung (no sign of life for 60 s: killed); it is started again\n',
  );
  expect(at(hung)).toBe('');
  expect(at(state('engineer', { at: second, code: noSignOfLife }))).toMatch(/^asi: engineer hung/);
});

test('who attaches to a laboratory is not told of hangs of the day before', () => {
  const hung = state('engineer', { at: first, code: noSignOfLife });
  expect(told(hung)(hung)).toBe('');
  // What hung since the view began is told at its first look, which may have waited for the servers.
  expect(told(state('engineer', null))(hung)).toMatch(/^asi: engineer hung/);
});
