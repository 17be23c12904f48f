import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import { processMachine } from './process-machine.ts';

const run = (boot: () => Promise<void>, drain: () => Promise<void> = async () => {}) =>
  createActor(processMachine.provide({ actors: { boot: fromPromise(boot), drain: fromPromise(drain) } })).start();

describe('the life of a process', () => {
  it('is ready only when it has booted', async () => {
    let booted = () => {};
    const actor = run(
      () =>
        new Promise((resolve) => {
          booted = resolve;
        }),
    );
    expect(actor.getSnapshot().value).toBe('booting');
    booted();
    await waitFor(actor, (snapshot) => snapshot.matches({ ready: 'idle' }));
  });

  it('ends faulted, with the reason, when it cannot boot', async () => {
    const actor = run(async () => {
      throw new Error('no broker');
    });
    const end = await waitFor(actor, (snapshot) => snapshot.status === 'done');
    expect([end.value, end.context.fault]).toEqual(['faulted', 'no broker']);
  });

  it('is working while any task is under way, and counts what was handled and what failed', async () => {
    const actor = run(async () => {});
    await waitFor(actor, (snapshot) => snapshot.matches('ready'));
    actor.send({ type: 'TASK_STARTED' });
    actor.send({ type: 'TASK_STARTED' });
    actor.send({ type: 'TASK_ENDED', failed: false });
    expect(actor.getSnapshot().value).toEqual({ ready: 'working' });
    actor.send({ type: 'TASK_ENDED', failed: true });
    expect(actor.getSnapshot().value).toEqual({ ready: 'idle' });
    expect(actor.getSnapshot().context).toMatchObject({ active: 0, handled: 2, failed: 1 });
  });

  it('counts what begins before it is ready, and is working then: the first consumer brings tasks while others are made', async () => {
    let booted = () => {};
    const actor = run(
      () =>
        new Promise((resolve) => {
          booted = resolve;
        }),
    );
    for (let task = 0; task < 3; task++) actor.send({ type: 'TASK_STARTED' });
    actor.send({ type: 'TASK_ENDED', failed: true });
    expect(actor.getSnapshot().value).toBe('booting');
    booted();
    await waitFor(actor, (snapshot) => snapshot.matches({ ready: 'working' }));
    actor.send({ type: 'TASK_ENDED', failed: false });
    expect(actor.getSnapshot().value).toEqual({ ready: 'working' });
    actor.send({ type: 'TASK_ENDED', failed: false });
    expect(actor.getSnapshot().value).toEqual({ ready: 'idle' });
    expect(actor.getSnapshot().context).toMatchObject({ active: 0, handled: 3, failed: 1 });
  });

  it('stops even when draining fails: a stuck peer must not keep a process alive', async () => {
    const actor = run(
      async () => {},
      async () => {
        throw new Error('stuck');
      },
    );
    await waitFor(actor, (snapshot) => snapshot.matches('ready'));
    actor.send({ type: 'STOP' });
    expect((await waitFor(actor, (snapshot) => snapshot.status === 'done')).value).toBe('stopped');
  });
});
