import { isAsiError, retryable } from '@asi/contracts';
import { type AnyMachineSnapshot, type AnyStateMachine, createActor, type InputFrom, type OutputFrom } from 'xstate';

/** What a task is doing now, for `asi status`. */
export type TaskBoard = {
  set(key: string, experimentId: string, state: string): void;
  clear(key: string): void;
  list(): Array<{ experimentId: string; state: string; since: string }>;
};

export function createTaskBoard(now: () => Date): TaskBoard {
  const tasks = new Map<string, { experimentId: string; state: string; since: string }>();
  return {
    set: (key, experimentId, state) => tasks.set(key, { experimentId, state, since: now().toISOString() }),
    clear: (key) => tasks.delete(key),
    list: () => [...tasks.values()],
  };
}

/** Every task machine ends with what became of the message: answered, or released for another try. */
export type TaskOutput = { readonly result: 'answered' } | { readonly result: 'released'; readonly error: unknown };

/**
 * Runs one task machine to its end. A task that ends `released` throws its error, so that the message is delivered
 * again; an aborted signal stops the machine and with it the work of its invoked actors.
 */
export async function runTask<Machine extends AnyStateMachine>(
  machine: Machine,
  input: InputFrom<Machine>,
  { key, experimentId, board, signal }: { key: string; experimentId: string; board: TaskBoard; signal: AbortSignal },
): Promise<void> {
  const actor = createActor(machine, { input: input as never });
  let giveUp = (): void => {};
  try {
    const output = await new Promise<OutputFrom<Machine>>((resolve, reject) => {
      giveUp = () => reject(retryable('draining', 'the process is stopping; another takes over'));
      signal.addEventListener('abort', giveUp, { once: true });
      actor.subscribe({
        next: (snapshot: AnyMachineSnapshot) => {
          board.set(key, experimentId, describeState(snapshot.value));
          if (snapshot.status === 'done') resolve(snapshot.output as OutputFrom<Machine>);
        },
        error: reject,
      });
      actor.start();
    });
    const outcome = output as TaskOutput;
    if (outcome.result === 'released')
      throw isAsiError(outcome.error)
        ? outcome.error
        : retryable('task-failed', String(outcome.error), { cause: outcome.error });
  } finally {
    signal.removeEventListener('abort', giveUp);
    actor.stop();
    board.clear(key);
  }
}

/** A state value as people write it: `assessing.judging`. */
export function describeState(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}.${describeState(inner)}`)
    .join(' + ');
}
