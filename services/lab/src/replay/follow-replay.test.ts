import type { Decision } from '@asi/reading';
import { expect, test } from 'vitest';
import { type FollowOptions, followReplay } from './follow-replay.ts';

const decision = (id: string, value = 1): Decision => ({ id, fields: { value } });
const recorded = ['b01', 'reference', '0001', '0002']
  .map((id) => decision(id))
  .concat(decision('confirmation of 0001'));

type Campaign = Awaited<ReturnType<FollowOptions['laboratory']['state']>>;

/** A replay that has settled one decision more at every look, and ends when all are. */
function playing(
  settled: readonly Decision[],
  atTheEnd: readonly Decision[] = settled,
  end: Campaign = finished,
  { stuck = [], endsAfter = settled.length }: { readonly stuck?: readonly string[]; readonly endsAfter?: number } = {},
) {
  let looks = 0;
  const equal: string[] = [];
  const options: FollowOptions = {
    recorded,
    laboratory: {
      state: async () => (looks++ < endsAfter ? { state: 'running', note: '' } : end),
      isStuck: async (id) => stuck.length > 0 && (id === null || stuck.includes(id)),
      decision: async (id) => settled.slice(0, looks).find((one) => one.id === id) ?? null,
    },
    decisions: async () => atTheEnd,
    onEqual: (id) => equal.push(id),
    throwIfLost: () => undefined,
    signal: new AbortController().signal,
  };
  return { options, equal, looks: () => looks };
}
const finished: Campaign = { state: 'finished', note: '' };

test('a replay that comes to the same is followed to its end, verdicts included', async () => {
  const { options, equal } = playing(recorded.slice(0, 4), recorded);
  expect(await followReplay(options)).toEqual({ replayed: recorded, equal: 5, divergence: null });
  expect(equal).toEqual(['b01', 'reference', '0001', '0002']);
});

test('the first divergence in the order of decisions is named and ends it, also when a later one settled before', async () => {
  const settled = [decision('0002', 3), decision('b01'), decision('reference'), decision('0001', 2)];
  const { options, looks } = playing(settled);
  const { divergence, equal, replayed } = await followReplay(options);
  expect(divergence).toEqual({ id: '0001', field: 'value', recorded: '1', replayed: '2' });
  expect([equal, replayed.length, looks()]).toEqual([2, 3, 4]);
});

test('a replay that pauses halfway does not hang: what is missing is the divergence', async () => {
  const begun = [decision('b01'), decision('reference')];
  const { options } = playing(begun, begun, { state: 'paused', note: 'no reference' });
  expect(await followReplay(options)).toMatchObject({
    equal: 2,
    divergence: { id: '0001', field: '', replayed: null },
  });
});

test('what was begun before the one that asks something new is still decided: the divergence is where it was asked', async () => {
  const begun = [decision('b01'), decision('reference'), decision('0001')];
  const running = { state: 'running', note: '' } as const;
  const { options, equal, looks } = playing(begun, begun, running, { stuck: ['0002'] });
  expect(await followReplay(options)).toMatchObject({
    equal: 3,
    divergence: { id: '0002', field: '', replayed: null },
  });
  expect(equal).toEqual(['b01', 'reference', '0001']);
  // At once, and not when patience ends.
  expect(looks()).toBe(3);
});

test('a replay in which a later experiment stands in the way of an earlier one does not hang', async () => {
  const begun = [decision('b01'), decision('reference')];
  const running = { state: 'running', note: '' } as const;
  const { options } = playing(begun, begun, running, { stuck: ['0002'] });
  const followed = followReplay({ ...options, lookMilliseconds: 0 });
  expect(await followed).toMatchObject({ equal: 2, divergence: { id: '0001', field: '', replayed: null } });
});

test('another verdict at the end is a divergence although every experiment is equal', async () => {
  const { options } = playing(recorded.slice(0, 4), [...recorded.slice(0, 4), decision('confirmation of 0001', 2)]);
  expect(await followReplay(options)).toMatchObject({
    equal: 4,
    divergence: { id: 'confirmation of 0001', field: 'value' },
  });
});

test('what ends the laboratory of the replay ends the command, and so does Ctrl-C', async () => {
  const lost = playing(recorded);
  const throwIfLost = () => {
    throw new Error('the state folder is gone');
  };
  await expect(followReplay({ ...lost.options, throwIfLost })).rejects.toThrow('the state folder is gone');
  const interrupted = { ...playing(recorded).options, signal: AbortSignal.abort() };
  await expect(followReplay(interrupted)).rejects.toMatchObject({ name: 'AbortError' });
});
