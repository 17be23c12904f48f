import { setImmediate } from 'node:timers/promises';
import { transitionTableOf } from '@asi/testkit';
import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, waitFor } from 'xstate';
import { processMachine } from './process-machine.ts';

const run = (boot: () => Promise<void>, drain: () => Promise<void> = async () => {}) =>
  createActor(processMachine.provide({ actors: { boot: fromPromise(boot), drain: fromPromise(drain) } })).start();

/** A promise and what ends it. */
function opened(): { readonly ends: () => Promise<void>; readonly end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ends: () => ended, end: () => end() };
}

describe('the life of a process', () => {
  it('has exactly the transitions that were agreed on: a missing one would leave a process that never ends', async () => {
    await expect(`${JSON.stringify(transitionTableOf(processMachine), null, 2)}\n`).toMatchFileSnapshot(
      'process-machine.transitions.json',
    );
  });

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

  it('stops while it boots: told to end before the broker answers, it would boot into a house that is gone', async () => {
    const boot = opened();
    const actor = run(boot.ends);
    actor.send({ type: 'STOP' });
    expect(actor.getSnapshot()).toMatchObject({ value: 'stopped', status: 'done' });
    boot.end();
    await boot.ends();
    expect(actor.getSnapshot().value).toBe('stopped');
  });

  it('counts what begins and ends while it drains: asi status would show work that is over', async () => {
    const drain = opened();
    const actor = run(async () => {}, drain.ends);
    await waitFor(actor, (snapshot) => snapshot.matches('ready'));
    actor.send({ type: 'TASK_STARTED' });
    actor.send({ type: 'STOP' });
    // A message that was on its way when the consumers were told to stop.
    actor.send({ type: 'TASK_STARTED' });
    expect(actor.getSnapshot()).toMatchObject({ value: 'draining', context: { active: 2, handled: 0 } });
    actor.send({ type: 'TASK_ENDED', failed: true });
    actor.send({ type: 'TASK_ENDED', failed: false });
    expect(actor.getSnapshot()).toMatchObject({ value: 'draining', context: { active: 0, handled: 2, failed: 1 } });
    drain.end();
  });

  it('ends once it has drained, and no sooner: it would wait for a kill that comes after ten seconds', async () => {
    const drain = opened();
    const actor = run(async () => {}, drain.ends);
    await waitFor(actor, (snapshot) => snapshot.matches('ready'));
    actor.send({ type: 'STOP' });
    expect(actor.getSnapshot().value).toBe('draining');
    drain.end();
    await setImmediate();
    expect(actor.getSnapshot()).toMatchObject({ value: 'stopped', status: 'done' });
  });
});
