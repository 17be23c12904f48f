import { existsSync, readdirSync } from 'node:fs';
import { terminal } from '@asi/contracts';
import { lockPath } from './stack-lock.ts';
import type { StateFolder } from './state-folder.ts';

export type StateFolderWatch = {
  /** Aborts when the folder that the stack runs on has disappeared; its reason says so. */
  readonly gone: AbortSignal;
  stop(): void;
};

const lookMilliseconds = 500;

function holdsData({ data }: StateFolder): boolean {
  try {
    return readdirSync(data).length > 0;
  } catch {
    return false;
  }
}

/** Watches a state folder that this process holds. Its lock is looked for: others make an empty folder anew by a mere look. */
export function watchStateFolder(folder: StateFolder): StateFolderWatch {
  const gone = new AbortController();
  const timer = setInterval(() => {
    if (existsSync(lockPath(folder))) return;
    clearInterval(timer);
    gone.abort(
      terminal(
        'state-folder-gone',
        holdsData(folder)
          ? `the lock of the state folder ${folder.path} was removed while the stack ran, so that another could have begun there; what it holds is kept, asi run goes on`
          : `the state folder ${folder.path} has disappeared while the stack ran, with all that it held; asi run starts anew`,
      ),
    );
  }, lookMilliseconds);
  timer.unref();
  return { gone: gone.signal, stop: () => clearInterval(timer) };
}
