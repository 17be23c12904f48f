import { retryable, systemClock, terminal } from '@asi/contracts';
import { NatsError } from 'nats';
import { expect, test } from 'vitest';
import { whileServersReturn } from './while-servers-return.ts';

const context = { env: {}, clock: systemClock, interrupt: new AbortController().signal };
const own = { ours: true, gone: () => false };

/** Throws these one after another, and then answers. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return async () => {
    const next = left.shift();
    if (next) throw next;
    return 'answered';
  };
}

test.each<readonly [string, Error]>([
  ['a broker that is killed under a question', new NatsError('TIMEOUT', 'TIMEOUT')],
  ['a broker that is not back yet', retryable('broker-unreachable', 'no NATS server answers')],
  ['a database that went silent', retryable('database-silent', 'nothing for 10 s')],
])('%s does not end the command that started it: it is started again', async (_, error) => {
  expect(await whileServersReturn(own, context, failing(error, error))).toBe('answered');
});

test('what is no matter of the servers is told at once, and so is everything on a stack of somebody else or one that has ended', async () => {
  const timeout = new NatsError('TIMEOUT', 'TIMEOUT');
  const refused = terminal('usage', 'no');
  await expect(whileServersReturn(own, context, failing(refused))).rejects.toBe(refused);
  await expect(whileServersReturn({ ...own, ours: false }, context, failing(timeout))).rejects.toBe(timeout);
  await expect(whileServersReturn({ ...own, gone: () => true }, context, failing(timeout))).rejects.toBe(timeout);
});

test('servers that do not come back are told as that, and not waited for without end', async () => {
  let minutes = 0;
  const clock = { ...systemClock, now: () => new Date(60_000 * minutes++) };
  const broken = Array.from({ length: 9 }, () => new NatsError('TIMEOUT', 'TIMEOUT'));
  await expect(whileServersReturn(own, { ...context, clock }, failing(...broken))).rejects.toMatchObject({
    kind: 'retryable',
    code: 'servers-away',
  });
});
