import { cancelJobsOf, type RunnerClient } from '@asi/runner-client';

const lookMilliseconds = 1000;

/**
 * Asks every second whether the certificate of an attempt is still wanted, and cancels its jobs when it is not. A look
 * that fails is followed by the next one: broker and runner may be away for a moment. Ends with `end`.
 */
export function cancelOnceUnwanted(
  runner: Pick<RunnerClient, 'list' | 'cancel'>,
  attempt: { readonly experimentId: string; readonly token: string },
  isWanted: () => Promise<boolean>,
): { isUnwanted(): boolean; end(): void } {
  const ending = new AbortController();
  let unwanted = false;
  const look = async () => {
    try {
      unwanted ||= !(await isWanted());
      // Again at every look: a job that was lost meanwhile is submitted once more, under another name.
      if (unwanted && !ending.signal.aborted) await cancelJobsOf(runner, attempt, { signal: ending.signal });
    } finally {
      if (!ending.signal.aborted) timer = setTimeout(again, lookMilliseconds);
    }
  };
  const again = () => void look().catch(() => undefined);
  let timer = setTimeout(again, lookMilliseconds);
  return {
    isUnwanted: () => unwanted,
    end: () => {
      ending.abort();
      clearTimeout(timer);
    },
  };
}
