import type { Clock } from '@asi/contracts';
import { answer, type Reply, rateLimited, reset, type Script, status } from '@asi/testkit/openai-server';
import { describe, expect, it } from 'vitest';
import { idea, startLaboratory } from '../testing/laboratory.ts';

describe('an endpoint that serves nobody for ten minutes pauses the campaign, before the deadlines of its tasks end experiments', () => {
  const atMinutes = async (script: Script, model: Parameters<typeof startLaboratory>[0]['model'] = {}) => {
    let now = 0;
    const clock: Clock = { now: () => new Date(now * 60_000) };
    const { ask, server } = await startLaboratory({ script, model: { retries: 0, ...model }, tools: { clock } });
    return {
      server,
      /** What a question rejects with that is asked then. */
      endAt: (minute: number, signal?: AbortSignal) => {
        now = minute;
        return ask({ occasion: String(minute) }, {}, signal).then(
          () => 'answered',
          (error: unknown) => error,
        );
      },
      pass: (minute: number) => {
        now = minute;
      },
    };
  };
  const later = { kind: 'retryable', code: 'model-unavailable' };
  const away = (message: RegExp) => ({ kind: 'paused', code: 'model-denied', message: expect.stringMatching(message) });

  it.each<readonly [string, Reply, RegExp]>([
    ['with errors', status(503, 'The model is being moved.'), /127\.0\.0\.1.* for 10 minutes .*is being moved/],
    ['with too many requests', rateLimited(), /served no request for 10 minutes .*Rate limit reached/],
  ])('%s', async (_, reply, message) => {
    const { endAt } = await atMinutes(() => reply);
    for (const minute of [0, 2, 4, 6, 8, 9]) expect(await endAt(minute)).toMatchObject(later);
    expect(await endAt(10)).toMatchObject(away(message));
    // It is said once: who goes on has mended something, and one more failure says nothing new.
    expect(await endAt(10.6)).toMatchObject(later);
  });

  it('unless it serves somebody now and then', async () => {
    const { endAt } = await atMinutes(({ ordinal }) => (ordinal % 4 === 0 ? answer(idea) : rateLimited()));
    for (let minute = 0; minute < 40; minute += 2)
      expect(await endAt(minute)).toEqual(minute % 8 === 6 ? 'answered' : expect.objectContaining(later));
  });

  it('by its own word, when it wants to be asked in an hour', async () => {
    const { endAt, server } = await atMinutes(() => rateLimited(3600), { retries: 4 });
    expect(await endAt(0)).toMatchObject(away(/left alone for 60 minutes .*Rate limit/));
    expect(server.requests).toHaveLength(1);
  });

  it('though it answers only when each task has waited as long as it wanted', async () => {
    const { endAt } = await atMinutes(() => rateLimited(540));
    expect(await endAt(0)).toMatchObject(later);
    expect(await endAt(9)).toMatchObject(later);
    expect(await endAt(18)).toMatchObject(away(/for 18 minutes/));
  });

  it('by its silence, although deadlines withdraw each question before its request is too late', async () => {
    const { endAt, pass, server } = await atMinutes(() => answer(idea, { delayMilliseconds: 60_000 }));
    let sent = 0;
    const hangUpAt = async (minute: number, end: number) => {
      const withdrawal = new AbortController();
      const asked = endAt(minute, withdrawal.signal);
      await expect.poll(() => server.requests.length).toBeGreaterThan(sent);
      sent = server.requests.length;
      pass(end);
      withdrawal.abort();
      expect(await asked).toMatchObject({ kind: 'cancelled' });
    };
    await hangUpAt(0, 5);
    await hangUpAt(5.2, 10.2);
    expect(await endAt(10.4)).toMatchObject(away(/for 10 minutes .*nothing came/));
    expect(server.requests).toHaveLength(2);
    // Who goes on asks it, whatever was before.
    await hangUpAt(10.6, 10.7);
  });

  it('but one request that came to nothing is no absence', async () => {
    const { endAt, pass } = await atMinutes(({ ordinal }) => {
      if (ordinal === 1) pass(15);
      return ordinal === 1 ? reset() : answer(idea);
    });
    expect(await endAt(0)).toMatchObject(later);
    expect(await endAt(15.5)).toEqual('answered');
  });

  it('and hours in which nobody asked, as in a pause by another role, are no absence', async () => {
    const { endAt } = await atMinutes(() => status(503));
    for (const minute of [0, 1, 2, 3]) expect(await endAt(minute)).toMatchObject(later);
    expect(await endAt(300)).toMatchObject(later);
  });
});
