import { expect, test } from 'vitest';
import { tellWaits } from './tell-waits.ts';

const begun = Date.parse('2026-01-15T09:00:00.000Z');
const waiting = (role: string) => ({
  role,
  waits: [
    {
      endpoint: '127.0.0.1:9',
      reason: 'Connection error.: ECONNREFUSED\u001b[2J',
      since: new Date(begun).toISOString(),
    },
  ],
});

function told() {
  let [seconds, written] = [0, ''];
  const look = tellWaits({
    error: {
      write: (text: string) => {
        written += text;
      },
    } as never,
    clock: { now: () => new Date(begun + seconds * 1000) },
  });
  return {
    at: (second: number, processes: Parameters<typeof look>[0]) => {
      seconds = second;
      written = '';
      look(processes);
      return written;
    },
  };
}

test('an endpoint that is away is told once when it lasts, and once when it is over: ten silent minutes look like a hang', () => {
  const { at } = told();
  expect(at(3, [waiting('researcher')])).toBe('');
  expect(at(12, [waiting('researcher')])).toMatch(
    /^asi: researcher waits for 127\.0\.0\.1:9: Connection error\.: ECONNREFUSED.*, since 12 s;/,
  );
  expect(at(15, [waiting('researcher'), waiting('judge')])).toBe('');
  expect(at(18, [{ role: 'researcher' }])).toBe('');
  expect(at(21, [{ role: 'researcher' }, { role: 'judge' }])).toBe('asi: nothing waits for 127.0.0.1:9 any more\n');
  expect(at(24, [{ role: 'researcher' }, { role: 'judge' }])).toBe('');
});

test('a short wait is no news, also when it is over', () => {
  const { at } = told();
  expect(at(8, [waiting('judge')])).toBe('');
  expect(at(11, [{ role: 'judge' }])).toBe('');
});

test('what an endpoint says clears nobody the screen', () => {
  expect(told().at(12, [waiting('judge')])).not.toContain('\u001b');
});
