import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';

// Most of the time that a process has to stop in is for others.
const longestWaitMilliseconds = 1000;
const lookMilliseconds = 20;

/**
 * Waits a little for the ends of open calls. A stack stops its processes together: who only waited to ask again ends its call
 * then, and without an archive to tell, the call would count as one that was perhaps answered.
 */
export async function lastEnds({ openCalls, endsUnderWay }: Pick<Ledger, 'openCalls' | 'endsUnderWay'>): Promise<void> {
  const deadline = performance.now() + longestWaitMilliseconds;
  while (openCalls() + endsUnderWay() > 0 && performance.now() < deadline) await pause(lookMilliseconds);
}
