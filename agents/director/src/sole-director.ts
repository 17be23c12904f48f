import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@asi/bus';
import { terminal } from '@asi/contracts';

/** A predecessor that is told to stop finishes what it handles first. */
const patienceMilliseconds = 15_000;
const pauseMilliseconds = 1000;

/**
 * Resolves when no other director answers on these servers. Two of them would share the messages of one campaign and
 * plan it twice.
 * @throws terminal `director-exists` when another one goes on answering
 */
export async function untilSoleDirector(bus: Pick<Bus, 'discover'>, patience = patienceMilliseconds): Promise<void> {
  for (let waited = 0; ; waited += pauseMilliseconds) {
    const other = (await bus.discover()).find(({ role }) => role === 'director');
    if (!other) return;
    if (waited >= patience)
      throw terminal(
        'director-exists',
        `director ${other.instance} works on these servers already, and two would plan one campaign twice: stop the other laboratory (asi down), or give this one servers of its own`,
      );
    await sleep(pauseMilliseconds);
  }
}
