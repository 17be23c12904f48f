import { expect, test } from 'vitest';
import { onceReady } from './once-ready.ts';

const quick = { patienceMilliseconds: 1000, pauseMilliseconds: 1 };
const answers = (readyAt: number) => {
  let asked = 0;
  return { ask: async () => ({ ready: ++asked >= readyAt, asked }), asked: () => asked };
};

test('an answer from what is known so far is never taken: it would depend on the moment of the question', async () => {
  const archive = answers(4);
  expect(await onceReady(archive.ask, new AbortController().signal, quick)).toEqual({ ready: true, asked: 4 });
});

test('an archive that stays behind releases the message instead of holding it for ever', async () => {
  const archive = answers(Number.POSITIVE_INFINITY);
  const asking = onceReady(archive.ask, new AbortController().signal, { ...quick, patienceMilliseconds: 5 });
  await expect(asking).rejects.toMatchObject({ kind: 'retryable', code: 'archive-behind' });
});

test('what nobody wants any more is not asked again', async () => {
  const archive = answers(Number.POSITIVE_INFINITY);
  const withdrawn = new AbortController();
  const asking = onceReady(archive.ask, withdrawn.signal, quick);
  withdrawn.abort(new Error('withdrawn'));
  await expect(asking).rejects.toThrow('withdrawn');
  expect(archive.asked()).toBe(1);
});
