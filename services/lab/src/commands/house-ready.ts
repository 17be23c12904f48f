import { setTimeout as sleep } from 'node:timers/promises';
import { retryable } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { logsOf } from '../stack/logs-of.ts';
import type { ProcessState } from '../stack/process-state.ts';
import { troubleOf } from '../stack/stack-trouble.ts';
import type { CliContext } from './cli-context.ts';

const readySeconds = 120;
/** Short looks at first, because the first training waits for this; longer ones for servers that are far away. */
const shortestLookMilliseconds = 150;
const longestLookMilliseconds = 1000;
const pauseMilliseconds = 50;

/**
 * Waits until a campaign can begin: a director answers, and an engineer that has spoken with its runner.
 * @throws retryable `house-not-ready` naming the process that does not start, and why
 */
export async function houseReady(
  reading: Reading,
  states: () => readonly ProcessState[],
  { env, interrupt: signal }: Pick<CliContext, 'env' | 'interrupt'>,
): Promise<void> {
  let look = shortestLookMilliseconds;
  for (let waited = 0; ; waited += look + pauseMilliseconds) {
    look = Math.min(longestLookMilliseconds, shortestLookMilliseconds + waited / 10);
    const answering = await reading.bus.discover(look).catch(() => []);
    const director = answering.some(({ role }) => role === 'director');
    const engineer = answering.some(
      ({ role, details }) => role === 'engineer' && typeof details.trainerVersion === 'string',
    );
    if (director && engineer) return;
    const trouble = troubleOf(states());
    if (trouble || waited >= readySeconds * 1000) {
      const missing = director ? 'no runner has answered' : 'no director has answered';
      throw retryable(
        trouble?.code ?? 'house-not-ready',
        `${trouble?.message ?? missing}; asi doctor examines this machine, see ${logsOf(env)}`,
      );
    }
    await sleep(pauseMilliseconds, undefined, { signal });
  }
}
