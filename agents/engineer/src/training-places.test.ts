import { expect, test } from 'vitest';
import { createTrainingPlaces } from './training-places.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('while a model mends a program the slot that it left trains another, and no more than the slots are taken after', async () => {
  const places = createTrainingPlaces(1);
  const taken: string[] = [];
  const take = (name: string) => void places.take(never).then(() => taken.push(name));
  take('first');
  take('second');
  await settled();
  expect(taken).toEqual(['first']);
  let mended = () => {};
  const mending = places.aside(() => new Promise<void>((resolve) => (mended = resolve)));
  take('third');
  await settled();
  expect(taken).toEqual(['first', 'second']);
  mended();
  await mending;
  places.leave();
  await settled();
  expect(taken).toEqual(['first', 'second']);
  places.leave();
  await settled();
  expect(taken).toEqual(['first', 'second', 'third']);
});

test('a mending that fails comes back to its place too, and a process that stops waits for none', async () => {
  const places = createTrainingPlaces(1);
  await places.take(never);
  await expect(places.aside(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  const stopping = new AbortController();
  let ended = false;
  const waiting = places.take(stopping.signal).then(() => {
    ended = true;
  });
  await settled();
  expect(ended).toBe(false);
  stopping.abort();
  await waiting;
});
