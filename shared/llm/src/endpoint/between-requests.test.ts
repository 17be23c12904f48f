import { answer, type Reply, rateLimited, type Script, status } from '@asi/testkit/openai-server';
import { describe, expect, it } from 'vitest';
import { idea, startLaboratory } from '../testing/laboratory.ts';

describe('a question that is withdrawn, as by Ctrl-C,', () => {
  const withdrawnIn = async (pauses: number, script: Script) => {
    const withdrawal = new AbortController();
    const { ask, server, ledger, logged } = await startLaboratory({
      script,
      signal: withdrawal.signal,
      tools: { random: { next: () => 0.999 } },
    });
    const asked = ask();
    asked.catch(() => {});
    await expect.poll(() => logged.length, { timeout: 10_000 }).toBe(pauses);
    withdrawal.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled', code: 'model-cancelled' });
    return { server, calls: [...ledger.calls.values()] };
  };

  it.each<readonly [string, Reply, number]>([
    ['which the endpoint refused takes nothing', rateLimited(30), 0],
    ['in which an answer had begun takes that one and no more', answer(idea, { breaks: 'reset' }), 1],
  ])('in the pause after a request %s', async (_, reply, brokenOff) => {
    const { server, calls } = await withdrawnIn(1, () => reply);
    expect(server.requests).toHaveLength(1);
    expect(calls).toMatchObject([{ state: 'failed', reserved: 0, retries: 0, brokenOff, error: /withdrawn/ }]);
  });

  it('in a pause after several requests takes those that were being answered', async () => {
    const { server, calls } = await withdrawnIn(2, ({ ordinal }) =>
      ordinal === 1 ? answer(idea, { breaks: 'reset' }) : rateLimited(30),
    );
    expect(server.requests).toHaveLength(2);
    expect(calls).toMatchObject([{ state: 'failed', reserved: 0, retries: 1, brokenOff: 1 }]);
  });

  it('and asked again later is answered and paid for once', async () => {
    const withdrawal = new AbortController();
    const { ask, ledger, logged } = await startLaboratory({
      script: ({ ordinal }) => (ordinal === 1 ? rateLimited(30) : answer(idea)),
    });
    const asked = ask({}, {}, withdrawal.signal);
    asked.catch(() => {});
    await expect.poll(() => logged.length).toBe(1);
    withdrawal.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
    await ask();
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'answered', openings: 2, brokenOff: 0 }]);
  });
});

describe('an endpoint that limits how often it is asked', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['of no second', { 'retry-after': '0' }],
    ['of a time that has passed', { 'retry-after': new Date(0).toUTCString() }],
    ['of a millisecond', { 'retry-after-ms': '1' }],
  ])(
    'and wants a pause %s is not asked again and again: the pauses grow as they do without its word',
    async (_, headers) => {
      const withdrawal = new AbortController();
      const { ask, logged } = await startLaboratory({
        script: () => status(429, 'slow down', headers),
        tools: { random: { next: () => 0.25 } },
        signal: withdrawal.signal,
      });
      const asked = ask();
      asked.catch(() => {});
      await expect.poll(() => logged.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
      withdrawal.abort();
      await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
      const waits = logged.map((line) => (JSON.parse(line) as [{ waitMilliseconds: number }])[0].waitMilliseconds);
      expect(waits.slice(0, 3).map((wait) => Math.round(wait / 10))).toEqual([25, 50, 100]);
    },
  );

  it('and wants no pause does not get its task back at once when the tries are spent', async () => {
    const { ask } = await startLaboratory({ script: () => rateLimited(0), model: { retries: 1 } });
    await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable', retryAfterMilliseconds: 30_000 });
  });
});
