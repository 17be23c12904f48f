import { expect, test } from 'vitest';
import { secondsLeft } from './seconds-left.ts';

const work = { pace: 10, baselines: 0, candidates: 8, candidatesUnderWay: 4, confirmations: 0, secondsToSample: null };

test('what is under way when the time is up is waited for, and so are confirmations: the campaign is not said to be over', () => {
  expect(secondsLeft({ ...work, secondsToSample: 0 })).toBe(40);
  expect(secondsLeft({ ...work, secondsToSample: 0, confirmations: 6 })).toBe(100);
});

test('no more candidates are counted than can be sampled in the time that is left, or are wanted', () => {
  expect(secondsLeft(work)).toBe(80);
  expect(secondsLeft({ ...work, secondsToSample: 65 })).toBe(60);
  expect(secondsLeft({ ...work, secondsToSample: 65, baselines: 5 })).toBe(90);
  expect(secondsLeft({ ...work, secondsToSample: 1e6 })).toBe(80);
});

test('before the first result a long limit of time is all that is known, and a short one says nothing', () => {
  expect(secondsLeft({ ...work, pace: null })).toBeNull();
  expect(secondsLeft({ ...work, pace: null, secondsToSample: 600 })).toBe(600);
  for (const secondsToSample of [0, 45]) expect(secondsLeft({ ...work, pace: null, secondsToSample })).toBeNull();
});
