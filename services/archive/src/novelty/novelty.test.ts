import { type ArmName, armNameSchema, experimentIdSchema, seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import type { Fingerprint, Fingerprints, RevisedFingerprint } from './fingerprints.ts';
import { type NoveltyQuestion, openNovelty } from './novelty.ts';

function memory(initial: readonly Fingerprint[] = []) {
  const stored = new Map(initial.map((one) => [one._id as string, one]));
  const revised = new Map<string, RevisedFingerprint>();
  let refuses = false;
  const store: Fingerprints = {
    all: async function* () {
      yield* stored.values();
    },
    put: async (value) => {
      if (refuses) throw new Error('no disk');
      stored.set(value._id, value);
    },
    revised: {
      all: async function* () {
        yield* revised.values();
      },
      insert: async (value) => {
        if (refuses) throw new Error('no disk');
        const isNew = !revised.has(value._id);
        if (isNew) revised.set(value._id, value);
        return isNew;
      },
    },
  };
  return {
    store,
    stored,
    refuse: (now: boolean) => {
      refuses = now;
    },
  };
}

const behaviour = (name: string): number[][] => {
  const random = seededRandom(name);
  return [0, 1].map(() => Array.from({ length: 20 }, () => random.next()));
};

const asks = (
  id: string,
  campaignNumber: number,
  ordinal: number,
  program: string,
  overrides: Partial<NoveltyQuestion> = {},
): NoveltyQuestion => ({
  experimentId: experimentIdSchema.parse(id),
  campaignNumber,
  ordinal,
  arm: null,
  horizon: 0,
  programHash: program,
  fingerprint: behaviour(program),
  register: true,
  ...overrides,
});

test('the same behaviour under another hash is a twin, and is named', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'a'));
  const answer = await novelty.check(asks('c001-0002', 1, 2, 'b', { fingerprint: behaviour('a') }));
  expect(answer).toMatchObject({ twinOf: 'c001-0001', nearest: 'c001-0001' });
});

test('the same program is a twin even where its behaviour could not be taken', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'a', { fingerprint: [] }));
  expect((await novelty.check(asks('c001-0002', 1, 2, 'a', { fingerprint: [] }))).twinOf).toBe('c001-0001');
});

test('what another arm of the campaign has found is no twin, what an earlier campaign has found is', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  const thinking = armNameSchema.parse('thinking');
  const control = armNameSchema.parse('control');
  await novelty.check(asks('c001-0001', 1, 1, 'a', { arm: thinking }));
  expect(await novelty.check(asks('c001-0002', 1, 2, 'a', { arm: control }))).toMatchObject({
    twinOf: null,
    nearest: null,
  });
  expect((await novelty.check(asks('c001-0003', 1, 3, 'a', { arm: thinking }))).twinOf).toBe('c001-0001');
  const restarted = await openNovelty(store);
  expect((await restarted.check(asks('c001-0004', 1, 4, 'a', { arm: control }))).twinOf).toBe('c001-0002');
  expect((await restarted.check(asks('c002-0001', 2, 1, 'a', { arm: control }))).twinOf).toBe('c001-0001');
});

test('a twin is not registered: it would be found in place of the original', async () => {
  const { store, stored } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'a'));
  await novelty.check(asks('c001-0002', 1, 2, 'a'));
  expect([...stored.keys()]).toEqual(['c001-0001']);
});

test('one segment that differs is enough to be no twin', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'a'));
  const fingerprint = [behaviour('a')[0] ?? [], behaviour('z')[1] ?? []];
  const answer = await novelty.check(asks('c001-0002', 1, 2, 'b', { fingerprint }));
  expect(answer.twinOf).toBeNull();
  expect(answer.nearest).toBe('c001-0001');
});

test('a design that was sampled later is not seen, whenever it was registered', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0009', 1, 9, 'a'));
  await novelty.check(asks('c002-0001', 2, 1, 'b'));
  expect((await novelty.check(asks('c001-0003', 1, 3, 'a'))).twinOf).toBeNull();
  expect((await novelty.check(asks('c001-0010', 1, 10, 'b'))).twinOf).toBeNull();
  expect((await novelty.check(asks('c002-0002', 2, 2, 'a'))).twinOf).toBe('c001-0003');
});

test('asking again after a crash gives the same answer and no self-made twin', async () => {
  const { store } = memory();
  const first = await openNovelty(store);
  const answer = await first.check(asks('c001-0001', 1, 1, 'a'));
  expect(await first.check(asks('c001-0001', 1, 1, 'a'))).toEqual(answer);
  const restarted = await openNovelty(store);
  expect(await restarted.check(asks('c001-0001', 1, 1, 'a'))).toEqual(answer);
  expect((await restarted.check(asks('c001-0002', 1, 2, 'a'))).twinOf).toBe('c001-0001');
});

test('of two questions at the same moment, the later sampled one is refused', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  const [one, two] = await Promise.all([
    novelty.check(asks('c001-0001', 1, 1, 'a')),
    novelty.check(asks('c001-0002', 1, 2, 'a')),
  ]);
  expect([one.twinOf, two.twinOf]).toEqual([null, 'c001-0001']);
});

test('a registration that did not reach the disk is not believed', async () => {
  const { store, refuse } = memory();
  const novelty = await openNovelty(store);
  refuse(true);
  await expect(novelty.check(asks('c001-0001', 1, 1, 'a'))).rejects.toThrow('no disk');
  refuse(false);
  expect((await novelty.check(asks('c001-0002', 1, 2, 'a'))).twinOf).toBeNull();
});

test('asking without registering leaves no trace', async () => {
  const { store, stored } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'a', { register: false }));
  expect(stored.size).toBe(0);
  expect(novelty.size()).toBe(0);
});

const baseline = (id: string, campaignNumber: number, ordinal: number, ...programs: string[]) => ({
  experimentId: experimentIdSchema.parse(id),
  campaignNumber,
  ordinal,
  programs: programs.map((programHash) => ({ programHash, fingerprint: behaviour(programHash) })),
});

test('a copy and a rewrite of a baseline are twins of it in every arm, also after a restart', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.registerBaseline(baseline('c001-b01', 1, -1, 'base', 'as shown'));
  const arm = armNameSchema.parse('thinking');
  for (const known of [novelty, await openNovelty(store)]) {
    expect((await known.check(asks('c001-0001', 1, 1, 'base', { arm }))).twinOf).toBe('c001-b01');
    const rewritten = asks('c001-0002', 1, 2, 'other text', { fingerprint: behaviour('as shown') });
    expect(await known.check(rewritten)).toMatchObject({ twinOf: 'c001-b01', nearest: 'c001-b01' });
    expect((await known.check(asks('c001-0003', 1, 3, 'new', { register: false }))).twinOf).toBeNull();
  }
});

test('a baseline that a later campaign registers is not seen by an earlier one, and one that it reuses stays where it was', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.registerBaseline(baseline('c002-b01', 2, -1, 'late'));
  expect((await novelty.check(asks('c001-0001', 1, 1, 'late', { register: false }))).twinOf).toBeNull();
  await novelty.registerBaseline(baseline('c001-b01', 1, -1, 'base'));
  await novelty.registerBaseline(baseline('c001-b01', 3, -1, 'base'));
  expect((await novelty.check(asks('c001-0002', 1, 2, 'base'))).twinOf).toBe('c001-b01');
});

test('a baseline of which no runner could say anything is no twin of anything', async () => {
  const { store, stored } = memory();
  const novelty = await openNovelty(store);
  await novelty.registerBaseline(baseline('c001-b01', 1, -1));
  expect(stored.size).toBe(0);
});

const revision = (id: string, program: string) => ({
  experimentId: experimentIdSchema.parse(id),
  programHash: program,
  fingerprint: behaviour(program),
});

test('a rewrite of what an engineer made of a design is a twin for all who may know its result, also after a restart', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'designed'));
  await novelty.registerRevision(revision('c001-0001', 'mended'));
  await novelty.registerRevision(revision('c001-0001', 'mended'));
  const rewritten = { fingerprint: behaviour('mended'), register: false };
  for (const known of [novelty, await openNovelty(store)]) {
    const twin = { twinOf: 'c001-0001', nearest: 'c001-0001' };
    expect(await known.check(asks('c001-0005', 1, 5, 'rewritten', { ...rewritten, horizon: 1 }))).toMatchObject(twin);
    expect(await known.check(asks('c002-0001', 2, 1, 'rewritten', rewritten))).toMatchObject(twin);
    expect(await known.check(asks('c001-0005', 1, 5, 'mended', { register: false, horizon: 1 }))).toMatchObject(twin);
    expect(await known.check(asks('c001-0005', 1, 5, 'designed', { register: false, horizon: 1 }))).toMatchObject(twin);
  }
});

test('a revision is not seen before its result is known, nor by another arm: when a training failed must not decide what is new', async () => {
  const { store } = memory();
  const novelty = await openNovelty(store);
  const [thinking, control] = ['thinking', 'control'].map((name) => armNameSchema.parse(name)) as [ArmName, ArmName];
  await novelty.check(asks('c001-0002', 1, 2, 'designed', { arm: thinking }));
  const early = asks('c001-0004', 1, 4, 'mended', { arm: thinking, horizon: 1, register: false });
  const before = await novelty.check(early);
  await novelty.registerRevision(revision('c001-0002', 'mended'));
  expect(await novelty.check(early)).toEqual(before);
  expect((await novelty.check({ ...early, arm: control, horizon: 2 })).twinOf).toBeNull();
  expect((await novelty.check({ ...early, horizon: 2 })).twinOf).toBe('c001-0002');
});

test('a design that is registered again keeps its revisions, and a revision that did not reach the disk is not believed', async () => {
  const { store, refuse } = memory();
  const novelty = await openNovelty(store);
  await novelty.check(asks('c001-0001', 1, 1, 'designed'));
  const later = asks('c001-0003', 1, 3, 'mended', { register: false, horizon: 2 });
  refuse(true);
  await expect(novelty.registerRevision(revision('c001-0001', 'mended'))).rejects.toThrow('no disk');
  refuse(false);
  expect((await novelty.check(later)).twinOf).toBeNull();
  await novelty.registerRevision(revision('c001-0001', 'mended'));
  await novelty.check(asks('c001-0001', 1, 1, 'designed'));
  expect((await novelty.check(later)).twinOf).toBe('c001-0001');
});
