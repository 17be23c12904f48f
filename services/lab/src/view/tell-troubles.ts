import { terminal } from '@asi/contracts';
import type { CliContext } from '../commands/cli-context.ts';
import type { ProcessState } from '../stack/process-state.ts';
import { troubleOf } from '../stack/stack-trouble.ts';

export type ToldTroubles = {
  look(states: readonly ProcessState[]): void;
  /** Rejects when something cannot run before all have run once. */
  readonly beforeReady: Promise<never>;
  ready(): void;
  end(): void;
};

/** Says in one line what keeps a stack from its work, and when that is over; before the stack is ready it is the end. */
export function tellTroubles({ error }: CliContext): ToldTroubles {
  let told: string | null = null;
  let [isReady, isOver] = [false, false];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  return {
    beforeReady: failed.promise,
    look: (states) => {
      if (isOver) return;
      const trouble = troubleOf(states);
      if (trouble && !isReady) failed.reject(terminal(trouble.code ?? 'stack-failed', trouble.message));
      else if (trouble && told !== trouble.process) {
        told = trouble.process;
        error.write(`asi: ${trouble.message}; it is started again until that is mended\n`);
      } else if (told && states.every(({ state }) => state === 'running')) {
        told = null;
        error.write('asi: every process runs again\n');
      }
    },
    ready: () => {
      isReady = true;
    },
    end: () => {
      isOver = true;
    },
  };
}
